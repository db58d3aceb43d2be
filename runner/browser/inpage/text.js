// The text of elements as Offstage compares it: what the DOM says where a person can see it, without CSS's
// changes of case, white space folded, blocks apart. And e-mail addresses in it.

const silent = new Set(['script', 'style', 'noscript', 'template', 'head', 'title', 'datalist']);
const apart = new Set([
  'address', 'article', 'aside', 'blockquote', 'br', 'button', 'dd', 'details', 'dialog', 'div', 'dl', 'dt',
  'fieldset', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr',
  'li', 'main', 'nav', 'ol', 'option', 'p', 'pre', 'section', 'select', 'summary', 'table', 'tbody', 'td',
  'tfoot', 'th', 'thead', 'tr', 'ul',
]);

const fieldValue = {
  input: getter(HTMLInputElement, 'value'),
  textarea: getter(HTMLTextAreaElement, 'value'),
  select: getter(HTMLSelectElement, 'value'),
};
const selectedOptions = getter(HTMLSelectElement, 'selectedOptions');
const optionLabel = getter(HTMLOptionElement, 'label');
const inputType = getter(HTMLInputElement, 'type');

/** Fields that were filled with a secret, and what was put there: neither leaves this world. */
const secretFields = new WeakSet();
const secretValues = new Set();

/** A field whose value must not be shown: a password, or filled with a secret (also when drawn anew). */
function isConfidential(element) {
  const tag = tagOf(element);
  if (tag !== 'input' && tag !== 'textarea') return false;
  if (secretFields.has(element)) return true;
  if (tag === 'input' && inputType(element) === 'password') return true;
  const value = fieldValue[tag](element);
  return value.length >= 4 && secretValues.has(value);
}

/** The value of a form field, `undefined` for other elements; '' for confidential ones. */
function valueOf(element) {
  const read = fieldValue[tagOf(element)];
  if (!read) return undefined;
  return isConfidential(element) ? '' : read(element);
}

/** The text of an element, folded. Of a field its value, of a <select> the chosen options. */
function textOf(element) {
  if (tagOf(element) === 'select') return folded(Array.from(selectedOptions(element), optionLabel).join(' '));
  const value = valueOf(element);
  if (value !== undefined) return folded(value);
  const only = dom.firstChild(element);
  // Most cells hold one text and nothing else, and can be seen.
  if (isText(only) && !dom.nextSibling(only) && !dom.shadowRoot(element) && dom.checkVisibility(element, seeing) &&
      getComputedStyle(element).contentVisibility !== 'hidden') {
    return folded(dom.data(only));
  }
  const pieces = [];
  const whole = !isRendered(element);
  collectText(element, whole, pieces, 0);
  return folded(pieces.join(''));
}

// `whole`: the element itself is not rendered, so that asking what is visible in it makes no sense.
function collectText(element, whole, pieces, depth) {
  if (depth > 2000) return;
  const shown = whole || showsText(element);
  for (const child of flatChildren(element)) {
    if (isText(child)) {
      if (shown) pieces.push(dom.data(child));
      continue;
    }
    if (!isElement(child)) continue;
    const tag = tagOf(child);
    if (silent.has(tag)) continue;
    if (fieldValue[tag]) {
      pieces.push(' ');
      continue;
    }
    if (!whole && !isRendered(child)) continue;
    const block = apart.has(tag) || isSetApart(child, whole);
    if (block) pieces.push(' ');
    collectText(child, whole, pieces, depth + 1);
    if (block) pieces.push(' ');
  }
}

function showsText(element) {
  const style = getComputedStyle(element);
  return style.visibility === 'visible' && style.contentVisibility !== 'hidden';
}

function isSetApart(element, whole) {
  if (whole) return false;
  const style = getComputedStyle(element);
  return style.display !== 'inline' && style.display !== 'contents';
}

/** The text that stands in the element itself, not in elements inside it; folded. */
function ownText(element) {
  let text = '';
  for (let at = dom.firstChild(element); at; at = dom.nextSibling(at)) if (isText(at)) text += dom.data(at);
  return folded(text);
}

// Generous on purpose: what only looks like an address is treated as one.
const addressPattern = /[^\s<>()[\]"'`,;:|\\]+[@\uFF20\uFE6B][^\s<>()[\]"'`,;:|\\@\uFF20\uFE6B]+/g;

/** Every e-mail address in a text, with its place: {address, start, end}. A full stop after it is not its. */
function addressesIn(text) {
  const found = [];
  if (!/[@\uFF20\uFE6B]/.test(text)) return found;
  for (const match of text.matchAll(addressPattern)) {
    const address = match[0].replace(/[.?!…]+$/, '');
    found.push({ address, start: match.index, end: match.index + address.length });
  }
  return found;
}

const wordLike = /[\p{L}\p{N}\p{M}_@\uFF20\uFE6B]/u;
const joining = /[.!#$%&*+\-/=?^{|}~'’`·]/;

/** How often `name` stands in `text` as a unit of its own: not as a part of a longer address or name. */
function countOfUnits(text, name) {
  let count = 0;
  for (let at = text.indexOf(name); name && at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text.slice(0, at);
    const after = text.slice(at + name.length);
    if (!joinsBefore(before) && !joinsAfter(after)) ++count;
  }
  return count;
}

function joinsBefore(text) {
  const points = Array.from(text.slice(-4));
  const last = points.at(-1);
  if (last === undefined) return false;
  if (wordLike.test(last)) return true;
  // A quotation mark opens; any other of these could be the start of another address.
  if (/['’`]/.test(last)) return wordLike.test(points.at(-2) ?? '');
  return joining.test(last);
}

function joinsAfter(text) {
  const points = Array.from(text.slice(0, 4));
  if (points.length === 0) return false;
  if (wordLike.test(points[0])) return true;
  // "ann@x.com." ends a sentence, "ann@x.com.br" does not.
  return joining.test(points[0]) && points.length > 1 && wordLike.test(points[1]);
}
