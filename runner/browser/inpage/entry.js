// The one name that this script leaves in its world: `offstageInpage.run(operation, request)`, which answers
// JSON text: {ok: …} or {error: {kind, message}}.

const operations = {
  point, disarm, fill, filled, wait, check, text, extract, scroll, scrollOn, mask, unmask, html,
};

/** Text of a page may hold half characters, which JSON for C++ cannot: they are replaced. */
function wellFormed(value) {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]));
}

async function answered(work) {
  let answer;
  try {
    answer = { ok: await work() };
  } catch (error) {
    const kind = error instanceof UsageError ? 'usage' : error instanceof DriftError ? 'drift' : 'internal';
    const message = kind === 'internal' ? `${error?.stack ?? error}` : error.message;
    answer = { error: { kind, message } };
  }
  return JSON.stringify(wellFormed(answer));
}

Object.defineProperty(globalThis, 'offstageInpage', {
  value: Object.freeze({
    run: (operation, request) => answered(() => operations[operation](JSON.parse(request))),
    framePoint: (frame, x, y) => answered(() => framePoint(frame, x, y)),
  }),
});
