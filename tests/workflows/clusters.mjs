// Files for Kubernetes and what runs on it, and for containers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import {
  here, hold, holdAgain, holdNever, numbers, project, request, require, run, same, text, typed, version, yaml,
} from './support.mjs';

const kubernetes = (name) => `import('kubernetes-models/${name.replace(/\/(?=[^/]*$)/, `').I`)}`;

async function resource(file, document) {
  const argo = document.apiVersion.startsWith('argoproj.io/');
  const module = argo ? `@kubernetes-models/argo-workflows/${document.apiVersion}` : `kubernetes-models/${document.apiVersion}`;
  const Kind = (await import(module))[document.kind];
  if (!Kind) throw new Error(`there is no ${document.kind} in ${document.apiVersion}`);
  new Kind(document).validate();
  typed(file, `import('${module}').I${document.kind}`, document);
}

// The hardening that every pod has, wherever it is written.
function hardened(file, container, pod) {
  const security = { ...pod?.securityContext, ...container.securityContext };
  const wanted = {
    runAsNonRoot: true,
    runAsUser: 10001,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'Localhost', localhostProfile: 'offstage/seccomp.json' },
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (JSON.stringify(security[name]) !== JSON.stringify(value)) throw new Error(`${file}: ${name} is not as everywhere`);
  }
  if (pod && pod.automountServiceAccountToken !== false) throw new Error(`${file}: the pod gets a service account's token`);
}

export async function kubernetesFile(file) {
  for (const document of yaml(file)) {
    await resource(file, document);
    for (const [name, held] of Object.entries(document.kind === 'ConfigMap' ? document.data : {})) {
      const policy = name === 'policy.json';
      hold(policy ? 'policy.json' : 'job.json', held, `${file}: ${name}`);
      if (policy && !JSON.parse(held).unattended) throw new Error('nobody is there to approve what its policy leaves to a person');
    }
    const job = document.kind === 'CronJob' ? document.spec.jobTemplate.spec : document.spec;
    if (job?.template) {
      for (const container of job.template.spec.containers) hardened(file, container, job.template.spec);
    }
    if (job?.podFailurePolicy) {
      const rule = job.podFailurePolicy.rules.find(({ onExitCodes }) => onExitCodes);
      holdNever(rule.onExitCodes.values, file);
    } else if (/Job$/.test(document.kind)) {
      throw new Error(`${document.kind} has no podFailurePolicy`);
    }
  }
  return "Kubernetes's schema and types (kubernetes-models), its requests, policies and exit codes";
}

export async function argo(file) {
  const [document] = yaml(file);
  await resource(file, document);
  const offstage = document.spec.templates.find(({ name }) => name === 'offstage');
  hardened(file, offstage.container, document.spec);
  holdAgain(numbers(/ in \[(.*)\]$/.exec(offstage.retryStrategy.expression)[1]), file);
  if (document.spec.templates.some(({ suspend }) => suspend?.duration)) throw new Error('a suspend ends by itself');
  // The expression reads the same as JavaScript; Argo itself reads it with another library.
  const { value } = offstage.container.env.find(({ name }) => name === 'OFFSTAGE_REQUEST');
  const expression = /^\{\{=(.*?)\}\}$/s.exec(value)?.[1] ?? '';
  for (const mode of ['plan', 'apply']) {
    const made = new Function('toJson', 'split', 'inputs', 'workflow', `return ${expression}`)(
      JSON.stringify, (word, by) => word.split(by), { parameters: { mode } },
      { parameters: { people: 'a@example.com b@example.com', by: 'hr@example.com', reason: '"}' } },
    );
    request(made, mode);
  }
  const given = new Set(document.spec.templates.flatMap(({ name }) => name));
  for (const step of document.spec.templates.flatMap(({ dag }) => dag?.tasks ?? [])) {
    if (!given.has(step.template)) throw new Error(`there is no template ${step.template}`);
  }
  const outputs = new Set(offstage.outputs.parameters.map(({ name }) => name));
  for (const [, name] of text(file).matchAll(/tasks\.plan\.outputs\.parameters\.(\w+)/g)) {
    if (!outputs.has(name)) throw new Error(`the step gives no ${name}`);
  }
  return "Argo's own schema and types (@kubernetes-models/argo-workflows), its requests and exit codes";
}

export async function tekton(file) {
  const linted = await run('node', [join(here, 'node_modules/tekton-lint/lib/lint.js'), '--max-warnings', '0', join(project, file)])
    .catch((error) => { throw new Error(error.stdout + error.stderr); });
  if (linted.stdout.trim()) throw new Error(linted.stdout);
  const [document] = yaml(file);
  if (document.apiVersion !== 'tekton.dev/v1') throw new Error('another version of Tekton');
  // No package has Tekton's schema: what is its own is written down here, from its reference of Task.
  typed(file, `{
    apiVersion: 'tekton.dev/v1'; kind: 'Task'; metadata: { name: string };
    spec: {
      description?: string;
      params?: { name: string; type?: 'string' | 'array' | 'object'; description?: string; default?: string }[];
      workspaces?: { name: string; description?: string; mountPath?: string; readOnly?: boolean; optional?: boolean }[];
      results?: { name: string; type?: 'string' | 'array' | 'object'; description?: string }[];
      stepTemplate?: Pick<${kubernetes('v1/Container')}, 'securityContext' | 'env' | 'workingDir' | 'volumeMounts'>;
      steps: (Pick<${kubernetes('v1/Container')}, 'name' | 'image' | 'command' | 'args' | 'workingDir' | 'env'
        | 'envFrom' | 'volumeMounts' | 'securityContext' | 'imagePullPolicy'>
        & { computeResources?: ${kubernetes('v1/ResourceRequirements')}; timeout?: string; script?: string;
            onError?: 'continue' | 'stopAndFail' })[];
      volumes?: ${kubernetes('v1/Volume')}[];
    } }`, document);
  const { Pod } = await import('kubernetes-models/v1');
  const { spec } = document;
  new Pod({
    metadata: { name: 'x' },
    spec: {
      volumes: spec.volumes,
      containers: spec.steps.map(({ computeResources, timeout, script, onError, ...step }) =>
        ({ ...spec.stepTemplate, ...step, resources: computeResources })),
    },
  }).validate();
  hardened(file, { securityContext: { ...spec.stepTemplate.securityContext, ...spec.steps[0].securityContext } });
  // Offstage writes each result that the Task names, or Tekton would miss it.
  const known = ['status', 'operation_id', 'plan', 'removed', 'evidence_digest'];
  if (spec.results.some(({ name }) => !known.includes(name))) throw new Error('a result that Offstage does not write');
  return "tekton-lint, and Kubernetes's types where Tekton borrows them (there is no package with Tekton's schema)";
}

export function compose(file) {
  const Ajv = require('ajv');
  const schema = JSON.parse(readFileSync(join(here, 'packed/compose.json'), 'utf8'));
  const check = new Ajv({ strict: false, validateFormats: false, logger: false }).compile({ ...schema, $schema: undefined });
  const document = YAML.parse(text(file), { merge: true });
  if (!check(document)) throw new Error(JSON.stringify(check.errors.slice(0, 3)));
  for (const [name, { content }] of Object.entries(document.configs ?? {})) {
    if (content?.trim().startsWith('{')) request(content, `the configuration ${name}`);
  }
  return 'the Compose specification (its schema in dclint), and the requests in it';
}

export function seccomp(file) {
  const profile = JSON.parse(text(file));
  const known = /^SCMP_ACT_(ALLOW|ERRNO|KILL|KILL_PROCESS|KILL_THREAD|LOG|TRACE|TRAP|NOTIFY)$/;
  const rules = profile.syscalls ?? [];
  if (![profile, ...rules].every((rule) => known.test(rule.defaultAction ?? rule.action))) throw new Error('an action that is none');
  if (profile.defaultAction === 'SCMP_ACT_ALLOW') throw new Error('it allows what it does not name');
  if (!rules.length || !rules.every(({ names }) => names?.every((name) => /^\w+$/.test(name)))) throw new Error('names of calls');
  return 'its form only (no package has a schema of it)';
}
