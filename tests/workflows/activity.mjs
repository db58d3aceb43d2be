// Runs the activity as its worker would, in an activity's context and against the practice console: it plans, removes a
// person, and is cancelled. @temporalio/testing would make the context too, with 150 MB of a server's client beside it.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);

async function within(offstage, request, { cancelAfterBeat = false, id = '1' } = {}) {
  const { Context, asyncLocalStorage } = require('@temporalio/activity');
  const cancel = new AbortController();
  const beats = [];
  const cancelled = new Promise(() => {});
  const beat = (details) => {
    beats.push(details);
    if (cancelAfterBeat) cancel.abort();
  };
  const info = { workflowExecution: { workflowId: 'check', runId: 'run' }, activityId: id };
  const context = new Context(info, cancelled, cancel.signal, beat, undefined, console, undefined);
  try {
    return { beats, result: await asyncLocalStorage.run(context, () => offstage(request)) };
  } catch (error) {
    return { beats, error };
  }
}

export async function runActivity(source) {
  const ts = require('typescript');
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const made = source.replace(/\.ts$/, '.cjs');
  writeFileSync(made, outputText);
  const { offstage } = require(made);
  const request = { version: 1, connector: 'heroku', operation: 'remove_user', targets: ['paula.jimenez@example.com'] };

  const planned = await within(offstage, { ...request, mode: 'plan' });
  if (planned.error) throw planned.error;
  if (!planned.beats.length || !planned.beats.every((line) => JSON.parse(line).time)) throw new Error('no heartbeat came');

  const refused = await within(offstage, { ...request, approval: { digest: 'a'.repeat(64) } }, { id: '2' });
  if (refused.error?.type !== 'Offstage.refused' || !refused.error.nonRetryable) throw new Error(`not refused: ${refused.error}`);

  const stopped = await within(offstage, { ...request, mode: 'plan' }, { cancelAfterBeat: true, id: '3' });
  if (stopped.error?.name !== 'CancelledFailure') throw new Error(`not cancelled: ${stopped.error ?? 'it went on'}`);

  if (stopped.error.details?.[0]?.exit_code !== 143) throw new Error('the program was not stopped when it was cancelled');

  const removed = await within(offstage, { ...request, approval: { digest: planned.result.plan } }, { id: '4' });
  if (removed.error) throw removed.error;
  if (removed.result.targets[0].outcome !== 'verified') throw new Error(`not removed: ${JSON.stringify(removed.result)}`);
  return 'it planned, was refused, was cancelled and removed a person from a practice console';
}
