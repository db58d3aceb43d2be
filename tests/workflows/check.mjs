// Holds each file below docker/ that another tool runs Offstage by. validate starts it: check.mjs PROJECT BUILD_FOLDER
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argo, compose, kubernetesFile, seccomp, tekton } from './clusters.mjs';
import { n8n, python, stepFunctions, temporal } from './flows.mjs';
import { action, dockerfile, gitlab, workflow } from './pipelines.mjs';
import { here, literals, page, project, require, text, version } from './support.mjs';

// What Offstage reads, and what the example for GitHub calls its secrets.
const variables = new Set([...page.matchAll(/OFFSTAGE_[A-Z_]+/g)].map(([name]) => name));
for (const secret of ['EMAIL', 'PASSWORD', 'TOTP']) variables.add(`OFFSTAGE_${secret}`);

const checks = [
  [/^docker\/github-action\/action\.yml$/, action],
  [/^docker\/github-action\/Dockerfile$/, dockerfile],
  [/^docker\/github-action\/[^/]*\.yml$/, workflow],
  [/^docker\/kubernetes\/[^/]*\.yaml$/, kubernetesFile],
  [/^docker\/argo\/[^/]*\.yaml$/, argo],
  [/^docker\/tekton\/[^/]*\.yaml$/, tekton],
  [/^docker\/(airflow|prefect)\/[^/]*\.py$/, python],
  [/^docker\/gitlab\/[^/]*\.gitlab-ci\.yml$/, gitlab],
  [/^docker\/n8n\/[^/]*\.json$/, n8n],
  [/^docker\/temporal\/activity\.ts$/, temporal],
  [/^docker\/step-functions\/[^/]*\.asl\.json$/, stepFunctions],
  [/^docker\/compose\.ya?ml$/, compose],
  [/^docker\/seccomp\.json$/, seccomp],
  // What the image is made of: docker/build-offline builds and runs it.
  [/^docker\/(Dockerfile|README\.md)$/, null],
];

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'docker'], { cwd: project, encoding: 'utf8' })
  .split('\n').filter((file) => file && existsSync(join(project, file))).sort();
let bad = 0;
const told = new Map();
for (const file of files) {
  // ./dev check shell reads scripts.
  if (text(file).startsWith('#!/bin/sh\n')) continue;
  const found = checks.find(([pattern]) => pattern.test(file));
  try {
    if (!found) throw new Error('no check covers it: add one to tests/workflows/check.mjs');
    if (!found[1]) continue;
    told.set(file, await found[1](file));
    for (const [name] of text(file).matchAll(/\bOFFSTAGE_[A-Z_]+/g)) {
      if (!variables.has(name)) throw new Error(`Offstage reads no ${name}`);
    }
    for (const [, tag] of text(file).matchAll(/registry\.example\.com\/offstage:?([\w.-]*)/g)) {
      if (tag !== version) throw new Error(`the image's version is "${tag}", and Offstage's ${version}`);
    }
  } catch (error) {
    told.delete(file);
    bad += 1;
    console.log(`${file}: BAD: ${String(error.message ?? error).trim()}`);
  }
}
for (const [pattern] of checks) {
  if (!files.some((file) => pattern.test(file)) ) {
    bad += 1;
    console.log(`${pattern}: BAD: there is no such file any more`);
  }
}

// Last, all at once: TypeScript takes longer to start than to check.
const ts = require('typescript');
const program = join(here, 'literals.mts');
writeFileSync(program, literals.map(({ line }) => line.replaceAll('\n', ' ')).join('\n'));
const found = ts.getPreEmitDiagnostics(ts.createProgram([program, join(here, 'activity.ts')], {
  strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16, types: ['node'], typeRoots: [join(here, 'node_modules/@types')],
}));
for (const { file, start, messageText } of found) {
  const line = file && file.fileName === program ? file.getLineAndCharacterOfPosition(start).line : undefined;
  const whose = line === undefined ? 'docker/temporal/activity.ts' : literals[line].file;
  told.delete(whose);
  bad += 1;
  console.log(`${whose}: BAD: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
for (const [file, held] of told) console.log(`${file}: ${held}`);
console.log(`${told.size} files hold, ${bad} faults`);
process.exit(bad ? 1 : 0);
