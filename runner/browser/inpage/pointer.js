// Where to put the pointer so that it hits an element: waits until the element is there, visible, usable,
// still, in view and not covered.

const activators = 'button, summary, a[href], area[href], label, input, select, textarea, option, ' +
  '[role="button"], [role="link"], [role="menuitem"], [role="menuitemcheckbox"], [role="menuitemradio"], ' +
  '[role="option"], [role="tab"], [role="checkbox"], [role="radio"], [role="switch"]';

/** The nearest element, from `node` upwards through shadow trees, that does something when it is clicked. */
function activatorOf(node) {
  for (let at = node; at; at = flatParent(at)) if (isElement(at) && dom.matches(at, activators)) return at;
  return null;
}

/** The innermost element at a point, through open shadow roots. */
function elementAt(x, y) {
  let hit = dom.documentFromPoint(document, x, y);
  while (hit) {
    const shadow = dom.shadowRoot(hit);
    const inner = shadow && dom.shadowFromPoint(shadow, x, y);
    if (!inner || inner === hit || !isInside(inner, hit)) break;
    hit = inner;
  }
  return hit;
}

/** Whether an event at `hit` is an event for `target`. */
function isHit(hit, target) {
  if (!hit) return false;
  if (isInside(hit, target)) return true;
  const doer = activatorOf(hit);
  if (!doer) return false;
  // Text inside a button or label: the button's own padding or icon does the same.
  if (doer === activatorOf(target)) return true;
  // A label stands for its field, and the field for its label.
  if (tagOf(doer) === 'label' && labelControl(doer) === target) return true;
  const label = dom.closest(target, 'label');
  return label !== null && labelControl(label) === doer && activatorOf(target) === label;
}

/** What lies over the target, and to which larger thing it belongs. */
function coverMiss(hit, target, about) {
  if (!hit) return miss('covered', `${describe(target)} is out of view or clipped away`, about);
  let subtree = hit;
  for (let at = flatParent(hit); at && isElement(at) && !isInside(target, at); at = flatParent(at)) subtree = at;
  const from = subtree === hit ? '' : ` from the subtree of ${describe(subtree)}`;
  return miss('covered', `${describe(hit)}${from} would get the event`, about);
}

const inView = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;

/** The point of the element to aim at: the offset given, where it is in the box, or the middle. */
function aim(element, offset) {
  const box = dom.rect(element);
  if (offset && offset.x >= 0 && offset.y >= 0 && offset.x <= box.width && offset.y <= box.height) {
    return { x: box.left + offset.x, y: box.top + offset.y };
  }
  // The middle of the box of a link over two lines may lie beside the link: take its first line.
  const rect = Array.from(dom.rects(element)).find(({ width, height }) => width >= 1 && height >= 1) ?? box;
  const middle = { x: rect.left + rect.width / 2, y: rect.top + rect.height / 2 };
  if (inView(middle.x, middle.y)) return middle;
  const left = Math.max(rect.left, 0);
  const right = Math.min(rect.right, innerWidth);
  const top = Math.max(rect.top, 0);
  const bottom = Math.min(rect.bottom, innerHeight);
  const larger = rect.width > innerWidth || rect.height > innerHeight;
  // What is larger than the view is aimed at where it shows; anything else is scrolled into view first.
  return larger && left < right && top < bottom ? { x: (left + right) / 2, y: (top + bottom) / 2 } : middle;
}

// Each try brings the element to another place: what covers it may be a bar that stays at an edge.
const alignments = [null, 'end', 'center', 'start'];
const alignmentPauses = [0, 20, 100, 100, 500];

class Scroller {
  constructor() {
    this.tries = 0;
    this.notBefore = 0;
  }

  /** Brings the element into view in another way than before, once in a while. */
  next(element) {
    const now = performance.now();
    if (now < this.notBefore) return;
    const block = alignments[this.tries % alignments.length];
    if (block) dom.scrollIntoView(element, { block, inline: block, behavior: 'instant' });
    else dom.scrollIntoViewIfNeeded(element, true);
    ++this.tries;
    this.notBefore = now + alignmentPauses[Math.min(this.tries, alignmentPauses.length - 1)];
  }
}

const sameRect = (a, b) =>
  a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;

/** How long a place counts as fresh at most where no frame comes that could show it moving. */
const longestFrame = 1000;

/** Whether the element has been where it is since a frame ago; `memory` holds where it was, and since when. */
function standsStill(element, memory) {
  const rect = dom.rect(element);
  const now = performance.now();
  if (memory.element !== element || !sameRect(memory.rect, rect)) {
    Object.assign(memory, { element, rect, since: now, frames: framesDrawn });
    return false;
  }
  // A busy machine draws seldom: looking twice between two frames shows nothing.
  return framesDrawn > memory.frames || document.hidden || now - memory.since > longestFrame;
}

/** A look at the target, with what the last look saw: {point, …} once all is well, or {miss}. */
function lookAtTarget(query, offset, memory) {
  const found = query.one();
  if (found.miss) {
    memory.element = null;
    return found;
  }
  const { element, selector, matches } = found;
  const about = { selector, matches };
  const disabled = disabledBy(element);
  if (memory.element !== element) memory.scroller = new Scroller();
  const still = standsStill(element, memory);
  if (disabled) return { miss: miss('disabled', disabled, about) };
  if (!still) return { miss: miss('unstable', `${describe(element)} is moving`, about) };
  const point = aim(element, offset);
  const hit = inView(point.x, point.y) ? elementAt(point.x, point.y) : null;
  if (isHit(hit, element)) return { ...found, point };
  memory.scroller.next(element);
  return { miss: coverMiss(hit, element, about) };
}

async function point({ query, offset, gesture, token, guard, count, button, timeout, armedFor }) {
  const ticket = takeTurn();
  const compiled = compileQuery(query);
  const conditions = guard.map(compileCondition);
  const memory = {};
  let last = miss('absent', 'nothing was looked at yet');
  // The first look cannot know yet whether it moves, and the second may have to scroll.
  const answer = await poll(timeout, () => {
    if (ticket !== turn) return { miss: miss('absent', 'another action took over') };
    const found = lookAtTarget(compiled, offset, memory);
    if (!found.miss) return found;
    last = found.miss;
    return undefined;
  }, 3);
  if (!answer || answer.miss) return { miss: answer?.miss ?? last };
  for (const look of gesture === 'click' ? conditions : []) {
    const missed = look();
    if (missed) return { miss: { ...missed, why: 'guard' } };
  }
  const { element, alternative } = answer;
  if (gesture === 'click') {
    armPointer({ token, query: compiled, element, conditions, count, button, armedFor });
  }
  return { x: answer.point.x, y: answer.point.y, alternative };
}

/** One action at a time: a new one ends what an earlier one is still waiting for, and what it armed. */
let turn = 0;
function takeTurn() {
  disarmAll();
  return ++turn;
}

/**
 * Called with an <iframe> as `frame`, in its parent's world: where a point of the frame's viewport is in the
 * parent's, and whether the pointer hits the frame there.
 */
async function framePoint(frame, x, y) {
  if (!isElement(frame) || !dom.isConnected(frame)) return { miss: miss('frame', 'the frame is gone') };
  if (!isVisible(frame)) return { miss: miss('hidden', `${describe(frame)} cannot be seen`) };
  const place = () => {
    const box = dom.rect(frame);
    const style = getComputedStyle(frame);
    const scaleX = box.width / (frame.offsetWidth || box.width);
    const scaleY = box.height / (frame.offsetHeight || box.height);
    const left = frame.clientLeft + parseFloat(style.paddingLeft);
    const top = frame.clientTop + parseFloat(style.paddingTop);
    return { x: box.left + (left + x) * scaleX, y: box.top + (top + y) * scaleY };
  };
  const scroller = new Scroller();
  for (let tries = 0; ; ++tries) {
    const { x: left, y: top } = place();
    const hit = inView(left, top) ? elementAt(left, top) : null;
    if (hit === frame) return { x: left, y: top, alternative: 0 };
    if (tries === alignments.length) return { miss: coverMiss(hit, frame, {}) };
    scroller.notBefore = 0;
    scroller.next(frame);
    await nextFrame();
  }
}
