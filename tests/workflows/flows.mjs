// Files for workflow engines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runActivity } from './activity.mjs';
import { again, here, namedCodes, project, request, require, run, same, text, version } from './support.mjs';

export async function python(file) {
  const ended = await run('python3', ['-B', join(here, 'python_files.py'), join(project, file), version], { timeout: 240_000 })
    .catch((error) => { throw new Error(error.stdout + error.stderr); });
  namedCodes(file, /^TRY_AGAIN = \((.*)\)$/m);
  const said = JSON.parse(ended.stdout.trim().split('\n').at(-1));
  said.requests.forEach((one, index) => request(one, `request ${index}`));
  if (said.requests.length < 2) throw new Error('it makes no plan and no removal');
  return said.held;
}

export async function n8n(file) {
  const descriptions = JSON.parse(readFileSync(join(here, 'packed/n8n.json'), 'utf8'));
  const { nodes, connections } = JSON.parse(text(file));
  const names = nodes.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error('two nodes have one name');
  const holds = (wanted, value, number) => (wanted?._cnd
    ? Object.entries(wanted._cnd).every(([how, than]) =>
      ({ eq: value === than, not: value !== than, gte: number >= than, gt: number > than, lte: number <= than, lt: number < than })[how])
    : wanted === value);
  for (const node of nodes) {
    const type = descriptions.find(({ name, version }) =>
      `n8n-nodes-base.${name}` === node.type && [version].flat().includes(node.typeVersion));
    if (!type) throw new Error(`n8n has no ${node.type} ${node.typeVersion}`);
    // Which of the properties of one name counts, n8n tells by the others and by the node's version.
    const value = (name) => node.parameters[name] ?? type.properties.find((one) => one.name === name)?.default;
    const shown = ({ displayOptions: { show = {}, hide = {} } = {} }) => {
      const meets = ([name, wanted]) => wanted.some((one) => (name === '@version'
        ? holds(one, node.typeVersion, node.typeVersion) : holds(one, value(name.replace('/', '')), value(name.replace('/', '')))));
      return Object.entries(show).every(meets) && !Object.entries(hide).some(meets);
    };
    for (const [name, given] of Object.entries(node.parameters)) {
      const property = type.properties.find((one) => one.name === name && shown(one));
      if (!property) throw new Error(`${node.name}: ${node.type} has no ${name} here`);
      if (property.type === 'options' && !property.options.some((one) => one.value === given)) {
        throw new Error(`${node.name}: ${name} cannot be ${given}`);
      }
      const kind = { string: 'string', number: 'number', boolean: 'boolean', collection: 'object', fixedCollection: 'object' }[property.type];
      if (kind && typeof given !== kind && !String(given).startsWith('=')) throw new Error(`${node.name}: ${name} is no ${kind}`);
    }
    for (const property of type.properties) {
      if (property.required && !property.default && shown(property) && !node.parameters[property.name]) {
        throw new Error(`${node.name}: ${property.name} is missing`);
      }
    }
  }
  for (const [from, { main }] of Object.entries(connections)) {
    for (const to of [from, ...main.flat().map(({ node }) => node)]) {
      if (!names.includes(to)) throw new Error(`there is no node ${to}`);
    }
  }
  const code = nodes.find(({ type }) => type.endsWith('.code')).parameters.jsCode;
  const [made] = new Function('$input', '$execution', code)(
    { first: () => ({ json: { People: 'a@example.com\nb@example.com', Reason: '"' } }) },
    { id: '7', resumeUrl: 'https://n8n.example.com/webhook-waiting/7' },
  );
  request(made.json, 'the form');
  return "n8n's descriptions of its nodes (n8n-nodes-base); its request, made by its own code";
}

export async function temporal(file) {
  namedCodes(file, /^const TRY_AGAIN = \[(.*)\];$/m);
  const said = await runActivity(join(here, 'activity.ts'));
  return `types (typescript, @temporalio/activity) and exit codes; ${said}`;
}

export async function stepFunctions(file) {
  const verdict = require('asl-validator')(JSON.parse(text(file)));
  if (!verdict.isValid) throw new Error(JSON.stringify(verdict.errors));
  const { States } = JSON.parse(text(file));
  const jsonata = require('jsonata');
  const asked = { version: 1, connector: 'heroku', operation: 'remove_user', targets: ['a@example.com'] };
  const reading = async (value, more = {}) => {
    const expression = jsonata(/^\{% (.*) %\}$/.exec(value)[1]);
    return expression.evaluate({}, { states: { input: { request: asked, ...more.input }, ...more.states }, ...more });
  };
  for (const state of [States.Plan, States.Apply]) {
    const { Value } = state.Arguments.Overrides.ContainerOverrides[0].Environment.find(({ Name }) => Name === 'OFFSTAGE_REQUEST');
    request(await reading(Value, { request: asked, digest: 'a'.repeat(64) }), 'a state');
    same(state.Retry.flatMap(({ ErrorEquals }) => ErrorEquals), again.map(({ kind }) => `Offstage.${kind}`), 'the errors tried again');
  }
  const planned = (outcome) => reading(States.Plan.Assign.planned, {
    states: { result: { targets: [{ target: 'a@example.com', outcome }] } } });
  if (await planned('already_absent') !== undefined) throw new Error('it asks for approval of nothing');
  if (await planned('planned') === undefined) throw new Error('it does not ask for approval');
  return "Amazon's States Language (asl-validator), its requests as JSONata makes them, and its errors";
}
