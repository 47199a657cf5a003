-- Takes back what v1.2.4 did.
DROP INDEX orders_amount;
ALTER TABLE orders DROP COLUMN discount;
