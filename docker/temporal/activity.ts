// Offstage as an activity. Its worker needs offstage in its PATH (or an image built FROM yours, ../Dockerfile), and
// OFFSTAGE_SECRETS and OFFSTAGE_STATE_DIR in its environment: secrets never pass through the history. Give it a heartbeat
// timeout of 60 s and a start-to-close timeout of an hour, and wait for its cancellation (WAIT_CANCELLATION_COMPLETED).
// Checked in CI: type checked, and run against a practice console in an activity's context; no Temporal server ran it.
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Request {
  version: 1;
  connector: string;
  operation: 'remove_user' | 'delete_team';
  targets: string[];
  teams?: string[];
  mode?: 'plan' | 'apply';
  approval?: { digest: string };
  requested_by?: string;
  reason?: string;
}

export interface Result {
  status: string;
  exit_code: number;
  message: string;
  plan?: string;
  targets?: { target: string; outcome: string; text: string }[];
  evidence_digest?: string;
}

// Nothing was changed, and another try may go well. After any other code a person has to look.
const TRY_AGAIN = [69, 75, 76, 130, 143];

export async function offstage(request: Request): Promise<Result> {
  const context = Context.current();
  const { workflowExecution, activityId } = context.info;
  // The same for each try of this activity, so that a try that got through is not made twice.
  const key = ['temporal', workflowExecution?.workflowId, workflowExecution?.runId, activityId].join('/').slice(-200);

  const job = spawn('offstage', ['job', '--request', '-', '--heartbeat-fd', '3'], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const ended = once(job, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  // It ends between two actions, and says what it had done.
  const stop = () => job.kill('SIGTERM');
  context.cancellationSignal.addEventListener('abort', stop);
  if (context.cancellationSignal.aborted) stop();
  try {
    createInterface({ input: job.stdio[3] as Readable }).on('line', (line) => context.heartbeat(line));
    let last = '';
    createInterface({ input: job.stdout as Readable }).on('line', (line) => (last = line));
    job.stdin?.on('error', () => {}); // it ended before it read the request; its exit code says why
    job.stdin?.end(JSON.stringify({ ...request, idempotency_key: key }));

    const [code, signal] = await ended;
    if (context.cancellationSignal.aborted) throw new CancelledFailure('cancelled', last ? [JSON.parse(last)] : []);
    if (!last) throw new Error(`offstage ended with ${code ?? signal} and no result`);
    const result: Result = JSON.parse(last);
    if (code === 0) return result;
    throw ApplicationFailure.create({
      message: result.message,
      type: `Offstage.${result.status}`,
      nonRetryable: code !== null && !TRY_AGAIN.includes(code),
      details: [result],
    });
  } finally {
    context.cancellationSignal.removeEventListener('abort', stop);
  }
}
