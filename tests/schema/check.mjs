// The schema is for other programs, so another program judges it: Ajv in strict mode.
// Usage: node check.mjs REPOSITORY
import fs from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import yaml from 'js-yaml';

const repository = process.argv[2];
const problems = [];
const read = (text) => yaml.load(text, { schema: yaml.CORE_SCHEMA });

// A text field takes a number or a boolean as well, which strict mode has to be told. Alternatives require keys that are declared beside them: no strictRequired.
const ajv = new Ajv2020({ strictSchema: true, strictTypes: true, strictTuples: true, allowUnionTypes: true, allErrors: true });
const isValid = ajv.compile(JSON.parse(fs.readFileSync(path.join(repository, 'schemas/playbook.v1.schema.json'), 'utf8')));

const playbooks = fs.readdirSync(path.join(repository, 'playbooks')).filter((name) => /\.ya?ml$/.test(name));
if (playbooks.length < 2) problems.push(`only ${playbooks.length} playbooks found`);
for (const name of playbooks) {
  if (!isValid(read(fs.readFileSync(path.join(repository, 'playbooks', name), 'utf8')))) {
    problems.push(`${name}: ${ajv.errorsText(isValid.errors, { separator: '\n  ' })}`);
  }
}

const step = (text) => `{ runbook: v1, name: x, steps: [ ${text} ] }`;
const good = [
  step('{ run: echo hello }'),
  step('{ run: [echo, hello], timeout: 30s, retry: 3, capture: true, validate: [ { image: "app:1" } ] }'),
  step('{ shell: "echo $A", env: { A: "{{ a }}" } }'),
  step('{ wait: { for: 1s } }'),
];
const bad = [
  '{ name: x, steps: [ { run: "true" } ] }',
  '{ runbook: v2, name: x, steps: [ { run: "true" } ] }',
  '{ runbook: v1, name: x }',
  '{ runbook: v1, name: x, guard: [], steps: [ { run: "true" } ] }',
  '[ runbook, v1 ]',
  step('{ name: does nothing }'),
  step('{ run: "true", shell: "true" }'),
  step('{ runn: "true" }'),
  step('{ run: { argv: [ls], shell: true } }'),
  step('{ run: "true", timeout: soon }'),
  step('{ run: "true", retry: { attempts: many } }'),
  step('{ run: "true", on_failure: ignore }'),
  step('{ edit: { file: a.yml } }'),
  step('{ wait: { for: 1s }, cwd: /tmp }'),
  step('{ run: "true", validate: [ { https: "http://localhost" } ] }'),
];
for (const text of good) {
  if (!isValid(read(text))) problems.push(`refused, but good: ${text}: ${ajv.errorsText(isValid.errors)}`);
}
for (const text of bad) {
  if (isValid(read(text))) problems.push(`accepted, but bad: ${text}`);
}

console.log(problems.join('\n') || `${playbooks.length} playbooks and ${good.length} steps are valid, ${bad.length} are not`);
process.exit(problems.length === 0 ? 0 : 1);
