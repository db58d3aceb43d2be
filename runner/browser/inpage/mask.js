// Covering what a picture must not show: other people's rows and addresses, passwords, secrets. The boxes
// lie in one host element in the top layer, over dialogs too, and follow the page until they are taken away.

let maskHost = null;
let maskLayer = null;
let maskEnd = null;

const rowSelector = 'tr, li, [role="row"], [role="listitem"]';
const boxStyle = { position: 'absolute', background: '#6b7280', 'border-radius': '2px', margin: '0' };
const hostStyle = {
  all: 'initial', display: 'block', visibility: 'visible', opacity: '1', position: 'absolute',
  inset: '0 auto auto 0', width: '0', height: '0', margin: '0', padding: '0', border: '0',
  overflow: 'visible', background: 'transparent', 'pointer-events': 'none', 'z-index': '2147483647',
};

function styled(element, style) {
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value, 'important');
  return element;
}

function addressKey(address) {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What to cover now: elements, and ranges of text outside of rows. */
function findTargets(keep) {
  const covered = new Set();
  const isKept = (address) => keep.has(addressKey(address));
  const foreign = (text) => addressesIn(text).filter(({ address }) => !isKept(address));
  const cover = (node, instead) => {
    const row = rowOf(node);
    covered.add(row && !addressesIn(rowText(row)).some(({ address }) => isKept(address)) ? row : instead);
  };
  for (const run of textRuns()) {
    for (const { start, end } of foreignInRun(run, foreign)) cover(run.pieces[0].node, rangeOf(run, start, end));
  }
  eachElement(document, (element) => {
    if (isConfidential(element)) covered.add(element);
    const said = saidByAttributes(element);
    if (said && foreign(said).length) cover(element, element);
  });
  return [...covered];
}

function rowOf(node) {
  for (let at = node; at; at = flatParent(at)) if (isElement(at) && dom.matches(at, rowSelector)) return at;
  return null;
}

// All that a row shows, so that a row of somebody to be kept stays readable.
function rowText(row) {
  const texts = [textOf(row)];
  eachElement(row, (element) => texts.push(saidByAttributes(element)));
  return texts.join(' ');
}

// Text that an element shows though it holds none: a field's value, a picture's words.
function saidByAttributes(element) {
  switch (tagOf(element)) {
    case 'input':
    case 'textarea':
      return `${valueOf(element)} ${dom.attribute(element, 'placeholder') ?? ''}`;
    case 'select':
      return textOf(element);
    case 'img':
    case 'area':
      return `${dom.attribute(element, 'alt') ?? ''} ${dom.attribute(element, 'title') ?? ''}`;
    default:
      return '';
  }
}

// Runs of text that stand together without a block's edge between: an address may be drawn in pieces.
function textRuns() {
  const runs = [];
  let run = { text: '', pieces: [] };
  const cut = () => {
    if (/[@\uFF20\uFE6B]/.test(run.text)) runs.push(run);
    run = { text: '', pieces: [] };
  };
  const walk = (node, depth) => {
    for (const child of flatChildren(node)) {
      if (isText(child)) {
        run.pieces.push({ node: child, start: run.text.length });
        run.text += dom.data(child);
      } else if (isElement(child) && !silent.has(tagOf(child)) && depth < 2000) {
        const block = apart.has(tagOf(child)) || fieldValue[tagOf(child)] !== undefined || isSetApart(child, false);
        if (block) cut();
        if (!fieldValue[tagOf(child)]) walk(child, depth + 1);
        if (block) cut();
      }
    }
  };
  walk(dom.documentElement(document), 0);
  cut();
  return runs;
}

// Addresses within one text node count as they stand; across nodes only where no node holds one by itself
// (else a name in front of an address would make it another one).
function foreignInRun(run, foreign) {
  const found = [];
  const whole = new Set();
  for (const { node, start } of run.pieces) {
    if (addressesIn(dom.data(node)).length) whole.add(node);
    for (const place of foreign(dom.data(node))) found.push({ start: start + place.start, end: start + place.end });
  }
  for (const { start, end } of foreign(run.text)) {
    const nodes = run.pieces.filter((piece) =>
      piece.start < end && piece.start + dom.data(piece.node).length > start);
    if (nodes.length > 1 && !nodes.some((piece) => whole.has(piece.node))) found.push({ start, end });
  }
  return found;
}

function rangeOf(run, start, end) {
  const place = (offset, atEnd) => {
    const piece = run.pieces.findLast((candidate) =>
      atEnd ? candidate.start < offset : candidate.start <= offset) ?? run.pieces[0];
    return [piece.node, offset - piece.start];
  };
  const range = dom.createRange(document);
  range.setStart(...place(start, false));
  range.setEnd(...place(end, true));
  return range;
}

function rectsOf(target) {
  if (!isElement(target)) return Array.from(target.getClientRects());
  return [dom.rect(target)];
}

function drawBoxes(targets, fullPage) {
  const boxes = [];
  const origin = dom.rect(maskHost);
  for (const target of targets) {
    for (const rect of rectsOf(target)) {
      if (rect.width === 0 || rect.height === 0) continue;
      const inPicture = rect.bottom > 0 && rect.right > 0 && rect.top < innerHeight && rect.left < innerWidth;
      if (!inPicture && !fullPage) continue;
      boxes.push([rect.left - origin.left - 1, rect.top - origin.top - 1, rect.width + 2, rect.height + 2]);
    }
  }
  const key = boxes.join(';');
  if (maskLayer.key === key) return boxes.length;
  maskLayer.key = key;
  maskLayer.root.replaceChildren(...boxes.map(([left, top, width, height]) =>
    styled(dom.createElement(document, 'div'), {
      ...boxStyle, left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`,
    })));
  return boxes.length;
}

function openHost() {
  maskHost = styled(dom.createElement(document, 'div'), hostStyle);
  maskLayer = { root: maskHost.attachShadow({ mode: 'closed' }), key: null };
  maskHost.setAttribute('popover', 'manual');
  dom.append(dom.documentElement(document), maskHost);
  maskHost.showPopover();
}

async function mask({ keep, fullPage }) {
  unmask();
  if (!(dom.documentElement(document) instanceof HTMLHtmlElement)) return { boxes: 0 };
  const kept = new Set(keep.map(addressKey));
  openHost();
  let targets = findTargets(kept);
  let boxes = drawBoxes(targets, fullPage);
  const renew = () => {
    targets = findTargets(kept);
    boxes = drawBoxes(targets, fullPage);
  };
  // Renewed before the next paint whenever the page changes, moved whenever it moves.
  const observer = new MutationObserver(renew);
  const watched = { subtree: true, childList: true, characterData: true, attributes: true };
  for (const tree of treesBelow(document)) observer.observe(tree, watched);
  let frame = requestAnimationFrame(function follow() {
    boxes = drawBoxes(targets, fullPage);
    frame = requestAnimationFrame(follow);
  });
  dom.listen(window, 'input', renew, { capture: true });
  maskEnd = () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    window.removeEventListener('input', renew, { capture: true });
    maskHost.remove();
    maskHost = maskLayer = maskEnd = null;
  };
  await nextFrame();
  await nextFrame();
  return { boxes };
}

function unmask() {
  maskEnd?.();
  return { boxes: 0 };
}
