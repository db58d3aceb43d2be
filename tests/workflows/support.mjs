// What the checks of several tools need: Offstage's table of exit codes, its schemas, and the files.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import YAML from 'yaml';

export const [project, build] = process.argv.slice(2);
export const here = dirname(fileURLToPath(import.meta.url));
export const require = createRequire(import.meta.url);
export const run = promisify(execFile);
export const text = (file) => readFileSync(join(project, file), 'utf8');
export const temporary = (name) => mkdtempSync(join(here, `${name}-`));
export const version = execFileSync('offstage', ['--version'], { encoding: 'utf8' }).trim().split(' ')[1];

export function same(found, wanted, what) {
  const [a, b] = [found, wanted].map((list) => JSON.stringify([...list].sort()));
  if (a !== b) throw new Error(`${what} are ${a}, and in Offstage's table ${b}`);
}

// --- the table of exit codes, as the man page prints it ---

export const page = execFileSync('offstage', ['man'], { encoding: 'utf8' });
const table = [...page.matchAll(/^\\fB(\d+)\\fR \((\w+)\)\n(.*)$/gm)].map(([, code, kind, line]) => ({
  code: Number(code),
  kind,
  again: /Try again\? ([^.]*)\./.exec(line)?.[1] ?? '',
}));
export const again = table.filter(({ again }) => /^(yes|later)/.test(again));
// "failed" is for tests alone: no job ends so.
const never = table.filter(({ again, kind }) => /^(no|reconcile)/.test(again) && kind !== 'failed');
if (again.length < 3 || never.length < 6) throw new Error('the man page has no table of exit codes that can be read');
const codes = (list) => list.map(({ code }) => code);
export const holdAgain = (found, what) => same(found.map(Number), codes(again), `${what}: the codes that are tried again`);
export const holdNever = (found, what) => same(found.map(Number), codes(never), `${what}: the codes that are not tried again`);
export const numbers = (list) => list.split(',').map((word) => Number(word.trim())).filter((word) => !Number.isNaN(word));
export function namedCodes(file, pattern) {
  const found = pattern.exec(text(file));
  if (!found) throw new Error('the codes that are tried again are not where they were');
  holdAgain(numbers(found[1]), file);
}

// --- what is in many of them ---

export function hold(schema, document, what) {
  const file = join(temporary('json'), 'document.json');
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  try {
    execFileSync(join(build, 'tests/validate_json'), [join(project, 'connectors/schema', schema), file], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${what}: ${error.stdout}${error.stderr}`);
  }
}
export const request = (document, what) => hold('job.json', document, `${what}: the request`);

// Kubernetes and its friends read YAML 1.1, where 0440 is octal.
export function yaml(file) {
  return YAML.parseAllDocuments(text(file), { version: '1.1', uniqueKeys: true }).map((document) => {
    if (document.errors.length || document.warnings.length) throw document.errors[0] ?? document.warnings[0];
    return document.toJS();
  });
}

// Literals are held against the types as well: a name that no type has is an error there, and not in the schemas.
export const literals = [];
export const typed = (file, type, document) => literals.push({ file, line: `(${JSON.stringify(document)}) satisfies ${type};` });
