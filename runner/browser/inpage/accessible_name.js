// The accessible name of an element, as accname 1.2 and HTML-AAM compute it and as Chrome's accessibility
// tree shows it: what an `aria/` selector is compared with.

const namedByContent = new Set(['button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link',
  'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab',
  'tooltip', 'treeitem', 'legend', 'label', 'caption']);
const labelable = new Set(['button', 'input', 'meter', 'output', 'progress', 'select', 'textarea']);
const labelsOf = {
  button: getter(HTMLButtonElement, 'labels'),
  input: getter(HTMLInputElement, 'labels'),
  meter: getter(HTMLMeterElement, 'labels'),
  output: getter(HTMLOutputElement, 'labels'),
  progress: getter(HTMLProgressElement, 'labels'),
  select: getter(HTMLSelectElement, 'labels'),
  textarea: getter(HTMLTextAreaElement, 'labels'),
};
const explicitLabels = getter(Element, 'ariaLabelledByElements');
const placeholderTypes = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number']);

/** Whether Chrome's accessibility tree leaves the element out with all that is in it, or as it is hidden. */
function isIgnored(element, cache) {
  if (getComputedStyle(element).visibility !== 'visible' || !isRendered(element)) return true;
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

/** The name of an element, trimmed and folded; '' when it has none. */
function accessibleName(element) {
  return folded(nameOf(element, { visited: new Set(), depth: 0 }));
}

// `walk.referenced`: reached through aria-labelledby, which is followed only once; `walk.within`: reached as a
// part of another element's name; `walk.hidden`: inside a hidden element that was referenced by itself, whose
// hidden parts count.
function nameOf(element, walk) {
  if (walk.depth > 200 || walk.visited.has(element)) return '';
  walk.visited.add(element);
  if (!walk.referenced) {
    const parts = labelledBy(element).map((label) => referencedName(label));
    const text = folded(parts.join(' '));
    if (text) return text;
  }
  if (walk.within) {
    const value = embeddedValue(element);
    if (value !== undefined) return value;
  }
  const label = dom.attribute(element, 'aria-label')?.trim();
  if (label) return label;
  const role = roleOf(element);
  const native = role === 'none' ? undefined : nativeName(element, walk, role);
  if (native !== undefined && native.trim()) return native;
  if (walk.within || namedByContent.has(role)) {
    const text = contentName(element, walk);
    if (text.trim()) return text;
  }
  return tooltip(element);
}

function labelledBy(element) {
  const explicit = explicitLabels(element);
  if (explicit?.length) return Array.from(explicit);
  const ids = dom.attribute(element, 'aria-labelledby')?.trim();
  return ids ? ids.split(/\s+/).map((id) => byId(element, id)).filter(Boolean) : [];
}

// The name of an element that another one refers to: counts even when it is hidden.
function referencedName(element) {
  const hidden = !isRendered(element) || getComputedStyle(element).visibility !== 'visible';
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
      return dom.attribute(element, 'title')?.trim() || dom.attribute(element, 'placeholder')?.trim() ||
        dom.attribute(element, 'aria-placeholder')?.trim() || undefined;
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

function labelText(element, walk) {
  const labels = labelsOf[tagOf(element)]?.(element) ?? [];
  return folded(Array.from(labels, (label) => {
    if (walk.visited.has(label)) return '';
    const hidden = !isRendered(label) || getComputedStyle(label).visibility !== 'visible';
    const visited = new Set(walk.visited);
    return nameOf(label, { visited, depth: walk.depth + 1, referenced: true, within: true, hidden });
  }).join(' '));
}

function firstChildName(element, tag, walk) {
  const child = childNodes(element).find((node) => isElement(node) && tagOf(node) === tag);
  if (!child || (!walk.hidden && isIgnored(child))) return undefined;
  return nameOf(child, { ...walk, depth: walk.depth + 1, within: true }) || undefined;
}

function contentName(element, walk) {
  const pieces = [pseudoText(element, '::before')];
  for (const child of flatChildren(element)) {
    if (isText(child)) {
      if (walk.hidden || getComputedStyle(element).visibility === 'visible') pieces.push(dom.data(child));
      continue;
    }
    if (!isElement(child) || silent.has(tagOf(child))) continue;
    if (tagOf(child) === 'br') {
      pieces.push(' ');
      continue;
    }
    if (!isCounted(child, walk)) continue;
    const text = nameOf(child, { ...walk, depth: walk.depth + 1, within: true });
    const separate = isBlock(getComputedStyle(child).display) || isNamedByAttribute(child);
    pieces.push(separate ? ` ${text} ` : text);
  }
  pieces.push(pseudoText(element, '::after'));
  return pieces.join('');
}

function isCounted(child, walk) {
  if (dom.attribute(child, 'aria-hidden') === 'true') return false;
  if (walk.hidden) return true;
  // An invisible element may hold visible ones.
  return isRendered(child);
}

function isBlock(display) {
  return !display.startsWith('inline') && display !== 'contents' && display !== 'none' && display !== 'ruby';
}

function isNamedByAttribute(element) {
  return labelable.has(tagOf(element)) || tagOf(element) === 'img' || dom.hasAttribute(element, 'aria-label') ||
    dom.hasAttribute(element, 'aria-labelledby');
}

const cssString = /"((?:[^"\\]|\\.)*)"/g;

function pseudoText(element, pseudo) {
  const style = getComputedStyle(element, pseudo);
  let content = style.content;
  if (!content || content === 'none' || content === 'normal') return '';
  // `content: "…" / "spoken instead"`
  const slash = content.replace(cssString, (text) => ' '.repeat(text.length)).indexOf('/');
  if (slash >= 0) content = content.slice(slash + 1);
  let text = '';
  for (const match of content.matchAll(cssString)) text += match[1].replace(/\\(.)/g, '$1');
  return isBlock(style.display) ? ` ${text} ` : text;
}

function tooltip(element) {
  return dom.attribute(element, 'title') ?? '';
}
