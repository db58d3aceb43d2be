// The guards of input events. Capture listeners on the window, there since before the page's own scripts,
// see every event first. While a guard is armed, the first trusted event of a click is let through only if
// the query still means the same element, the event hits it, and every guard condition holds; otherwise it
// and the rest of its sequence are swallowed, so that nothing has happened and a retry is safe.

let pointerGuard = null;
let typingGuard = null;

function armPointer({ token, query, element, conditions, count, button, armedFor }) {
  listen();
  pointerGuard = {
    token, query, element, conditions, button, count,
    state: 'armed', // then 'passed' or 'swallowed', and 'over' after its last event
    clicks: 0,
    releases: 0,
    verdict: null,
    closesAt: performance.now() + armedFor,
  };
}

function disarmAll() {
  pointerGuard = null;
  typingGuard = null;
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function onPointerEvent(event) {
  const guard = pointerGuard;
  if (!guard || guard.state === 'over' || !event.isTrusted) return;
  const first = guard.state === 'armed';
  // Without conditions only the first event is looked at: what the page does in answer to it is its affair.
  if (first || (guard.state === 'passed' && guard.conditions.length)) {
    const missed = whyMissed(guard, event);
    if (missed) {
      guard.state = 'swallowed';
      conclude(guard, { miss: missed, reached: !first, last: true });
    } else if (first) {
      guard.state = 'passed';
      conclude(guard, { miss: null, reached: true, last: guard.conditions.length === 0 });
    }
  }
  if (guard.state === 'swallowed') swallow(event);
  follow(guard, event);
}

function whyMissed(guard, event) {
  if (performance.now() > guard.closesAt) return miss('unstable', 'the event came too late');
  const found = guard.query.one();
  if (found.miss) return found.miss;
  const { selector, matches } = found;
  const about = { selector, matches };
  if (found.element !== guard.element) {
    return miss('unstable', `${describe(guard.element)} was replaced by ${describe(found.element)}`, about);
  }
  const disabled = disabledBy(guard.element);
  if (disabled) return miss('disabled', disabled, about);
  const hit = event.composedPath().find(isElement) ?? null;
  if (!isHit(hit, guard.element)) return coverMiss(hit, guard.element, about);
  for (const look of guard.conditions) {
    const missed = look();
    if (missed) return { ...missed, why: 'guard' };
  }
  return null;
}

// What the guard saw is told at once, and kept for `disarm`.
function conclude(guard, verdict) {
  if (guard.verdict?.last) return;
  guard.verdict = { token: guard.token, ...verdict };
  globalThis.offstageVerdict?.(JSON.stringify(wellFormed(guard.verdict)));
}

// The sequence ends with the click that follows the last release in the same task. It does not come when the
// page takes the element away between press and release.
function follow(guard, event) {
  const done = { left: 'click', right: 'contextmenu' }[guard.button] ?? 'auxclick';
  if (event.type === done && ++guard.clicks === guard.count && guard.state === 'passed') {
    conclude(guard, { miss: null, reached: true, last: true });
  }
  if (event.type !== 'mouseup' || ++guard.releases < guard.count) return;
  setTimeout(() => {
    if (guard.state === 'passed' && guard.clicks < guard.count) {
      const seen = `${describe(guard.element)} was pressed, but no ${done} came of it`;
      conclude(guard, { miss: miss('unstable', seen), reached: true, last: true });
    }
    guard.state = 'over';
  }, 50);
}

/** Lets typed input reach `element` only. */
function armTyping({ token, element, armedFor }) {
  listen();
  typingGuard = {
    token, element,
    heard: 0, // strokes: keys, and texts that were put in without one
    keyDown: false,
    received: false,
    stray: null,
    closesAt: performance.now() + armedFor,
  };
}

function onTypingEvent(event) {
  const guard = typingGuard;
  if (!guard || !event.isTrusted) return;
  if (event.type === 'keydown' || (event.type === 'beforeinput' && !guard.keyDown)) ++guard.heard;
  if (event.type === 'keydown' || event.type === 'keyup') guard.keyDown = event.type === 'keydown';
  if (performance.now() > guard.closesAt) return;
  const target = event.composedPath().find(isElement) ?? null;
  if (target && isInside(target, guard.element)) {
    if (event.type === 'input') guard.received = true;
    return;
  }
  if (event.type === 'keyup' || event.type === 'input') return;
  guard.stray ??= target ? describe(target) : 'the document';
  swallow(event);
}

function disarm({ token }) {
  const guard = pointerGuard;
  if (guard?.token !== token) return { verdict: null };
  pointerGuard = null;
  return { verdict: guard.verdict };
}

const pointerEvents = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'dblclick', 'auxclick',
  'contextmenu'];
const typingEvents = ['keydown', 'keypress', 'beforeinput', 'input', 'keyup'];
// With document.open a page takes every listener from its window, ours too. What is listened to twice is heard
// once, and a document that is written anew gets other children.
const rewritten = new MutationObserver(listen);

function listen() {
  for (const type of pointerEvents) dom.listen(window, type, onPointerEvent, { capture: true, passive: false });
  for (const type of typingEvents) dom.listen(window, type, onTypingEvent, { capture: true, passive: false });
  rewritten.observe(document, { childList: true });
}

listen();
