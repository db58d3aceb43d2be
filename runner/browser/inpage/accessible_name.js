// The accessible name of an element, as accname 1.2 and HTML-AAM compute it and as Chrome's accessibility
// tree shows it: what an `aria/` selector is compared with.

const namedByContent = new Set(['button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link',
  'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'radio', 'rowheader', 'switch', 'tab',
  'tooltip', 'treeitem', 'legend', 'label', 'caption']);
const labelable = new Set(['button', 'input', 'meter', 'output', 'progress', 'select', 'textarea']);
const explicitLabels = getter(Element, 'ariaLabelledByElements');
const placeholderTypes = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number']);

/** Whether Chrome's accessibility tree leaves the element out with all that is in it, or as it is hidden. */
function isIgnored(element, cache) {
  // The options of a closed list are there for assistive technology, though they have no box.
  const list = ['option', 'optgroup'].includes(tagOf(element)) ? dom.closest(element, 'select') : null;
  const shown = list ?? element;
  const seen = dom.checkVisibility(shown, seeing) ||
    (getComputedStyle(shown).visibility === 'visible' && isRendered(shown));
  if (!seen) return true;
  return isAriaHidden(element, cache);
}

function isAriaHidden(element, cache) {
  const path = [];
  let hidden = false;
  for (let at = element; at && !hidden; at = flatParent(at)) {
    if (!isElement(at)) continue;
    if (cache?.has(at)) {
      hidden = cache.get(at);
      break;
    }
    path.push(at);
    hidden = dom.attribute(at, 'aria-hidden') === 'true' || dom.hasAttribute(at, 'inert');
  }
  // The elements below the one that decided share its answer.
  if (cache) for (const at of path) cache.set(at, hidden);
  return hidden;
}

// Names keep no-break spaces, other than text that is compared.
const foldedName = (text) => text.replace(/[ \t\n\r\f]+/g, ' ').replace(/^ | $/g, '');

/** The name of an element, its white space folded; '' when it has none. */
function accessibleName(element) {
  return foldedName(nameOf(element, { visited: new Set(), depth: 0 }));
}

// `walk.referenced`: reached through aria-labelledby, which is followed only once; `walk.within`: reached as a
// part of another element's name, `walk.part` as a child of what is named; `walk.hidden`: inside a hidden
// element that was referenced by itself, whose hidden parts count.
function nameOf(element, walk) {
  if (walk.depth > 200 || walk.visited.has(element)) return '';
  walk.visited.add(element);
  if (!walk.referenced) {
    const parts = labelledBy(element).map((label) => referencedName(label));
    const text = foldedName(parts.join(' '));
    if (text) return text;
  }
  if (walk.within) {
    const value = embeddedValue(element);
    if (value) return value;
  }
  const label = dom.attribute(element, 'aria-label')?.trim();
  if (label) return label;
  const role = roleOf(element);
  const native = role === 'none' ? undefined : nativeName(element, walk, role);
  if (native !== undefined && native.trim()) return native;
  if (walk.within || isNamedByContent(element, role)) {
    const text = contentName(element, walk);
    if (text.trim()) return text;
  }
  const placeholder = role === 'textbox' && dom.attribute(element, 'aria-placeholder')?.trim();
  if (placeholder) return placeholder;
  // What is only a part of another name and means nothing by itself does not bring its tooltip.
  return walk.part && role === 'generic' ? '' : dom.attribute(element, 'title') ?? '';
}

function isNamedByContent(element, role) {
  if (role !== 'row') return namedByContent.has(role);
  // A row is named only where it can be chosen.
  const table = dom.closest(element, 'table, [role="table"], [role="grid"], [role="treegrid"]');
  return table !== null && ['grid', 'treegrid'].includes(roleOf(table));
}

function labelledBy(element) {
  const explicit = explicitLabels(element);
  if (explicit?.length) return Array.from(explicit);
  const ids = dom.attribute(element, 'aria-labelledby')?.trim();
  return ids ? ids.split(/\s+/).map((id) => byId(element, id)).filter(Boolean) : [];
}

// The name of an element that another one refers to: counts even when it is hidden.
function referencedName(element) {
  const hidden = isIgnored(element);
  return nameOf(element, { visited: new Set(), depth: 0, referenced: true, within: true, hidden });
}

// What a field inside a label stands for: "flash the screen [3] times".
function embeddedValue(element) {
  const role = roleOf(element);
  switch (role) {
    case 'textbox':
    case 'searchbox':
      return valueOf(element) ?? textOf(element);
    case 'combobox':
    case 'listbox':
      if (tagOf(element) === 'select') return textOf(element);
      if (tagOf(element) === 'input') return valueOf(element);
      return folded(Array.from(queryAll(element, '[role="option"][aria-selected="true"]'), textOf).join(' '));
    case 'slider':
    case 'spinbutton':
      return dom.attribute(element, 'aria-valuetext') ?? dom.attribute(element, 'aria-valuenow') ??
        valueOf(element) ?? '';
    default:
      return undefined;
  }
}

function nativeName(element, walk, role) {
  const tag = dom.localName(element);
  if (tag === 'svg' || dom.namespace(element) === 'http://www.w3.org/2000/svg') {
    const title = childNodes(element).find((child) => isElement(child) && dom.localName(child) === 'title');
    return title ? dom.textContent(title) : undefined;
  }
  if (tag === 'input' && ['button', 'submit', 'reset', 'image'].includes(inputType(element))) {
    return buttonInputName(element, walk);
  }
  if (labelable.has(tag)) {
    const text = labelText(element, walk);
    if (text) return text;
  }
  switch (tag) {
    case 'input':
    case 'textarea':
      if (tag === 'input' && !placeholderTypes.has(inputType(element))) return undefined;
      return dom.attribute(element, 'title')?.trim() || dom.attribute(element, 'placeholder')?.trim();
    case 'img':
    case 'area': {
      const alt = dom.attribute(element, 'alt');
      return alt ?? undefined;
    }
    case 'fieldset':
      return firstChildName(element, 'legend', walk);
    case 'table':
      return firstChildName(element, 'caption', walk) ?? dom.attribute(element, 'summary') ?? undefined;
    case 'figure':
      return firstChildName(element, 'figcaption', walk);
    case 'option':
      return role === 'option' && dom.attribute(element, 'label')?.trim() || undefined;
    case 'optgroup':
      return dom.attribute(element, 'label') ?? undefined;
    default:
      return undefined;
  }
}

function buttonInputName(element, walk) {
  const labels = labelText(element, walk);
  if (labels) return labels;
  const type = inputType(element);
  const value = dom.attribute(element, 'value');
  if (type === 'image') {
    return dom.attribute(element, 'alt') || value || dom.attribute(element, 'title') || 'Submit';
  }
  if (value !== null) return value;
  // What Chrome draws on a button that says nothing of itself.
  return { submit: 'Submit', reset: 'Reset' }[type];
}

// Asking each control for its labels makes Chrome walk the whole document each time: all labels of a tree are
// looked up at once instead.
function labelsOf(control) {
  const root = dom.rootNode(control);
  const memory = duringLook();
  if (!memory.has(labelsOf)) memory.set(labelsOf, new Map());
  const known = memory.get(labelsOf);
  if (!known.has(root)) {
    const labels = isElement(root) ? [] : queryAll(root, 'label');
    known.set(root, Map.groupBy(labels, labelControl));
  }
  return known.get(root).get(control) ?? [];
}

function labelText(element, walk) {
  return foldedName(labelsOf(element).map((label) => {
    if (walk.visited.has(label) || isIgnored(label)) return '';
    const visited = new Set(walk.visited);
    return nameOf(label, { visited, depth: walk.depth + 1, referenced: true, within: true });
  }).join(' '));
}

function firstChildName(element, tag, walk) {
  const child = childNodes(element).find((node) => isElement(node) && tagOf(node) === tag);
  if (!child || (!walk.hidden && isIgnored(child))) return undefined;
  return nameOf(child, { ...walk, depth: walk.depth + 1, within: true }) || undefined;
}

function contentName(element, walk) {
  const pieces = [pseudoText(element, '::before')];
  const row = roleOf(element) === 'row';
  for (const child of flatChildren(element)) {
    if (isText(child)) {
      // Between the cells of a row there is nothing to say.
      if (row && !dom.data(child).trim()) continue;
      pieces.push(spokenText(child, element, walk));
      continue;
    }
    if (!isElement(child) || unspoken.has(dom.localName(child))) continue;
    if (tagOf(child) === 'br' || tagOf(child) === 'wbr') {
      pieces.push(' ');
      continue;
    }
    if (!isCounted(child, walk)) continue;
    const text = nameOf(child, { ...walk, depth: walk.depth + 1, within: true, part: true });
    const separate = isBlock(getComputedStyle(child).display) || isNamedByAttribute(child);
    pieces.push(separate ? ` ${text} ` : text);
  }
  pieces.push(pseudoText(element, '::after'));
  return pieces.join('');
}

// Chrome speaks the text as it is drawn, capitals of CSS included.
function spokenText(text, parent, walk) {
  const style = getComputedStyle(parent);
  if (!walk.hidden && (style.visibility !== 'visible' || style.contentVisibility === 'hidden')) return '';
  const data = dom.data(text);
  switch (style.textTransform) {
    case 'uppercase': return data.toUpperCase();
    case 'lowercase': return data.toLowerCase();
    case 'capitalize': return data.replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase());
    default: return data;
  }
}

function isCounted(child, walk) {
  if (walk.hidden) return true;
  if (dom.attribute(child, 'aria-hidden') === 'true') return false;
  // An invisible element may hold visible ones.
  return isRendered(child);
}

function isBlock(display) {
  return !['inline', 'contents', 'none', 'ruby', 'ruby-text'].includes(display);
}

function isNamedByAttribute(element) {
  if (labelable.has(tagOf(element)) || ['img', 'svg'].includes(dom.localName(element))) return true;
  return dom.hasAttribute(element, 'aria-label') || dom.hasAttribute(element, 'aria-labelledby');
}

const unspoken = new Set([...silent, 'rt', 'rp', 'math', 'object', 'video', 'audio']);
const cssAddress = /url\((?:"(?:[^"\\]|\\.)*"|[^)]*)\)/g;
const cssString = /"((?:[^"\\]|\\.)*)"|\b(open|close)-quote\b/g;

function pseudoText(element, pseudo) {
  const style = getComputedStyle(element, pseudo);
  let { content } = style;
  if (!content || content === 'none' || content === 'normal') return '';
  content = content.replace(cssAddress, '');
  // `content: "…" / "spoken instead"`
  const slash = content.replace(cssString, (text) => ' '.repeat(text.length)).indexOf('/');
  if (slash >= 0) content = content.slice(slash + 1);
  let text = '';
  for (const [, words, quote] of content.matchAll(cssString)) {
    text += quote ? { open: '“', close: '”' }[quote] : words.replace(/\\(.)/g, '$1');
  }
  return isBlock(style.display) ? ` ${text} ` : text;
}
