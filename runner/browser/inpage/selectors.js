// Recorder's selectors: css, aria, text, xpath, pierce, and chains of them. A selector is compiled once a
// look and then asked for its matches below one or more roots, in document order.

const kinds = ['aria', 'text', 'xpath', 'pierce', 'css'];

function compilePart(part) {
  const slash = part.indexOf('/');
  const kind = kinds.find((name) => slash === name.length && part.startsWith(name));
  const body = kind ? part.slice(slash + 1) : part;
  switch (kind) {
    case 'aria': return compileAria(body, part);
    case 'text': return compileText(body, part);
    case 'xpath': return compileXPath(body, part);
    case 'pierce': return compilePierce(body, part);
    default: return compileCss(body, part);
  }
}

function checkedCss(css, part) {
  try {
    queryAll(emptyFragment, css);
  } catch {
    throw new UsageError(`the selector '${part}' is not valid CSS`);
  }
}
const emptyFragment = new DocumentFragment();

function compileCss(css, part) {
  checkedCss(css, part);
  const below = (root) => (isElement(root) ? queryRow(root, css) : queryAll(root, css));
  return (root) => {
    // Below a host means in its shadow tree; where that holds nothing, what was put into its slots.
    const shadow = isElement(root) && dom.shadowRoot(root);
    const inside = shadow ? queryAll(shadow, css) : [];
    return inside.length ? inside : below(root);
  };
}

const manyRows = 50;

// The same selector below each of many rows: Chrome needs long for each of them, so after some the whole tree
// is searched once and what was found is sorted under everything that it stands in.
function queryRow(row, css) {
  const memory = duringLook();
  const key = `rows of ${css}`;
  let state = memory.get(key);
  if (!state) memory.set(key, (state = { asked: 0, trees: new Map() }));
  if (++state.asked < manyRows) return queryAll(row, css);
  const tree = dom.rootNode(row);
  let found = state.trees.get(tree);
  if (!found) {
    found = new Map();
    for (const element of isElement(tree) ? [] : queryAll(tree, css)) {
      for (let at = dom.parentNode(element); isElement(at); at = dom.parentNode(at)) {
        const list = found.get(at);
        if (list) list.push(element);
        else found.set(at, [element]);
      }
    }
    state.trees.set(tree, found);
  }
  return isElement(tree) ? queryAll(row, css) : found.get(row) ?? [];
}

function compilePierce(css, part) {
  checkedCss(css, part);
  return (root) => {
    const found = treesBelow(root).map((tree) => queryAll(tree, css)).filter((list) => list.length);
    if (found.length <= 1) return found[0] ?? [];
    const all = new Set(found.flat());
    const ordered = [];
    eachElement(root, (element) => all.has(element) && ordered.push(element));
    return ordered;
  };
}

const ariaAttribute = /\[\s*(\w+)\s*=\s*("|')((?:\\.|.)*?)\2\s*\]/g;

function compileAria(body, part) {
  let role;
  let name;
  const rest = body.replace(ariaAttribute, (whole, attribute, quote, value) => {
    const text = value.replace(/\\(.)/g, '$1');
    if (attribute === 'role') role = canonicalRole(text);
    else if (attribute === 'name') name = text;
    else throw new UsageError(`the selector '${part}' asks for '${attribute}': aria/ knows name and role`);
    return '';
  });
  if (name === undefined && (rest !== '' || role === undefined)) name = role ? rest.trimEnd() : rest;
  if (!name && !role) throw new UsageError(`the selector '${part}' names nothing`);
  return (root) => {
    const found = [];
    const hidden = new Map();
    eachElement(root, (element) => {
      if (!mayBe(element, role) || (role && roleOf(element) !== role)) return;
      if (isIgnored(element, hidden)) return;
      if (name && !isNamed(element, name)) return;
      if (!role && roleOf(element) === 'none') return;
      found.push(element);
    });
    return found;
  };
}

// Chrome leaves a space at the end of some names, and Recorder copies it.
function isNamed(element, name) {
  const actual = accessibleName(element);
  return actual === name || (actual !== '' && actual === foldedName(name));
}

const ariaTags = { button: ['button', 'input', 'summary'], link: ['a', 'area'], row: ['tr'], cell: ['td', 'th'] };

// Most elements cannot have the role asked for: cheaper to see than to compute.
function mayBe(element, role) {
  const tags = role && Object.hasOwn(ariaTags, role) ? ariaTags[role] : null;
  if (!tags) return true;
  return tags.includes(dom.localName(element)) || dom.hasAttribute(element, 'role');
}

function compileText(needle, part) {
  if (!needle) throw new UsageError(`the selector '${part}' names no text`);
  // Only a text with white space reads otherwise when it is folded.
  const spaced = /\s/.test(needle) ? folded(needle) : '';
  return (root) => {
    const texts = new Map();
    const holds = (node) => {
      const text = searchedText(node, texts);
      return text.includes(needle) || (spaced !== '' && folded(text).includes(spaced));
    };
    const found = [];
    const descend = (node) => {
      let deeper = false;
      for (const child of searchedChildren(node)) {
        if (!holds(child)) continue;
        deeper = true;
        descend(child);
      }
      if (!deeper && isElement(node) && node !== root) found.push(node);
    };
    descend(root);
    return found;
  };
}

const unsearched = new Set(['script', 'style', 'head', 'noscript', 'template']);

function searchedChildren(node) {
  const list = childNodes(node).filter((child) => isElement(child) && !unsearched.has(dom.localName(child)));
  const shadow = isElement(node) && dom.shadowRoot(node);
  if (shadow) list.push(...searchedChildren(shadow));
  return list;
}

// The text below a node as it stands in the DOM, hidden parts included, and the values of fields.
function searchedText(node, texts) {
  const known = texts.get(node);
  if (known !== undefined) return known;
  let text = '';
  const tag = isElement(node) ? tagOf(node) : '';
  const trivial = tag === 'input' && ['checkbox', 'radio', 'image'].includes(inputType(node));
  if (fieldValue[tag]) {
    text = trivial ? '' : valueOf(node);
  } else {
    for (const child of childNodes(node)) {
      if (isText(child)) text += dom.data(child);
      else if (isElement(child) && !unsearched.has(dom.localName(child))) text += searchedText(child, texts);
    }
    const shadow = isElement(node) && dom.shadowRoot(node);
    if (shadow) text += searchedText(shadow, texts);
  }
  texts.set(node, text);
  return text;
}

function compileXPath(path, part) {
  const below = path.startsWith('/') ? `.${path}` : path;
  // A shadow root is no context for XPath: its children are, and a leading // then includes them.
  const atChild = path.startsWith('//') ? `descendant-or-self::${path.slice(2)}` : `self::node()${path}`;
  const run = (expression, context) => {
    const result = dom.evaluate(document, expression, context, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: result.snapshotLength }, (unused, index) => result.snapshotItem(index));
  };
  try {
    run(below, document);
  } catch {
    throw new UsageError(`the selector '${part}' is not a valid XPath that yields elements`);
  }
  return (root) => {
    if (root instanceof Document) return run(path, root).filter(isElement);
    const shadow = isElement(root) ? dom.shadowRoot(root) : root;
    const inside = shadow ? childNodes(shadow).filter(isElement).flatMap((child) => run(atChild, child)) : [];
    const found = inside.length || !isElement(root) ? inside : run(below, root);
    // A path may climb out again: what is above or beside the root is no match below it.
    return found.filter((node) => isElement(node) && node !== root && isInside(node, root));
  };
}

/** A chain: each part is matched below every match of the part before it. */
function compileChain(chain) {
  const parts = chain.filter((part) => part !== '').map(compilePart);
  if (parts.length === 0) throw new UsageError('a selector is empty');
  return (root) => {
    let roots = [root];
    for (const part of parts) roots = Array.from(new Set(roots.flatMap(part)));
    return roots;
  };
}

/**
 * Alternatives, tried in order: the first that matches anything decides. One that is not valid is passed over
 * as long as another is. Answers {elements, alternative, selector}; no element: {elements: [], …} of none.
 */
function compileSelectors(selectors) {
  const faults = [];
  const chains = selectors.map((chain) => {
    try {
      return compileChain(chain);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      faults.push(error);
      return null;
    }
  });
  if (faults.length && faults.length === chains.length) throw faults[0];
  return (root) => {
    for (const [alternative, chain] of chains.entries()) {
      const elements = chain ? chain(root) : [];
      if (elements.length) return { elements, alternative, selector: selectors[alternative].join(' ') };
    }
    return { elements: [], alternative: 0, selector: selectors.map((chain) => chain.join(' ')).join(' | ') };
  };
}
