# A release that cannot be started: its program is not there.
FROM scratch
COPY app /app
CMD ["/app/no-such-program"]
