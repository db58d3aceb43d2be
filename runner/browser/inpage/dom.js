// Access to the DOM that a page cannot bend. The script runs in an isolated world, so no page script can
// replace a native here; but a form shows its fields, and a document its named elements, as properties of
// its own in every world (<input name="parentNode"> hides form.parentNode). So every property and method is
// taken from its prototype once and called with the node as an argument.

const bound = (f) => Function.prototype.call.bind(f);
const method = (type, name) => bound(type.prototype[name]);
const getter = (type, name) => bound(Object.getOwnPropertyDescriptor(type.prototype, name).get);
const setter = (type, name) => bound(Object.getOwnPropertyDescriptor(type.prototype, name).set);

const dom = {
  parentNode: getter(Node, 'parentNode'),
  firstChild: getter(Node, 'firstChild'),
  nextSibling: getter(Node, 'nextSibling'),
  nodeType: getter(Node, 'nodeType'),
  isConnected: getter(Node, 'isConnected'),
  textContent: getter(Node, 'textContent'),
  rootNode: method(Node, 'getRootNode'),
  append: method(Node, 'appendChild'),
  data: getter(CharacterData, 'data'),

  localName: getter(Element, 'localName'),
  namespace: getter(Element, 'namespaceURI'),
  shadowRoot: getter(Element, 'shadowRoot'),
  attribute: method(Element, 'getAttribute'),
  hasAttribute: method(Element, 'hasAttribute'),
  attributes: getter(Element, 'attributes'),
  matches: method(Element, 'matches'),
  closest: method(Element, 'closest'),
  rect: method(Element, 'getBoundingClientRect'),
  rects: method(Element, 'getClientRects'),
  checkVisibility: method(Element, 'checkVisibility'),
  clientTop: getter(Element, 'clientTop'),
  clientHeight: getter(Element, 'clientHeight'),
  scrollTop: getter(Element, 'scrollTop'),
  scrollTo: method(Element, 'scrollTo'),
  scrollIntoView: method(Element, 'scrollIntoView'),
  scrollIntoViewIfNeeded: method(Element, 'scrollIntoViewIfNeeded'),
  elementSlot: getter(Element, 'assignedSlot'),
  textSlot: getter(Text, 'assignedSlot'),
  assignedNodes: method(HTMLSlotElement, 'assignedNodes'),
  dispatch: method(EventTarget, 'dispatchEvent'),
  listen: method(EventTarget, 'addEventListener'),

  queryElement: method(Element, 'querySelectorAll'),
  queryFragment: method(DocumentFragment, 'querySelectorAll'),
  queryDocument: method(Document, 'querySelectorAll'),
  evaluate: bound(Document.prototype.evaluate),
  documentElement: getter(Document, 'documentElement'),
  scrollingElement: getter(Document, 'scrollingElement'),
  readyState: getter(Document, 'readyState'),
  createElement: method(Document, 'createElement'),
  createRange: method(Document, 'createRange'),
  execCommand: method(Document, 'execCommand'),
  documentFromPoint: method(Document, 'elementFromPoint'),
  shadowFromPoint: method(ShadowRoot, 'elementFromPoint'),
  byIdInDocument: method(Document, 'getElementById'),
  byIdInFragment: method(DocumentFragment, 'getElementById'),
  host: getter(ShadowRoot, 'host'),
};

const isElement = (node) => node instanceof Element;
const isText = (node) => node instanceof Text;
const isShadowRoot = (node) => node instanceof ShadowRoot;
const isHtml = (element) => element instanceof HTMLElement;
/** The tag of an HTML element in lower case; '' for SVG, MathML and others. */
const tagOf = (element) => (isHtml(element) ? dom.localName(element) : '');

/** All matches of a CSS selector below a document, shadow root or element, in tree order. */
function queryAll(root, css) {
  const ofTree = root instanceof Document ? dom.queryDocument : dom.queryFragment;
  const query = isElement(root) ? dom.queryElement : ofTree;
  const matches = query(root, css);
  const { length } = matches;
  const list = new Array(length);
  for (let index = 0; index < length; ++index) list[index] = matches[index];
  return list;
}

let look = null;

/**
 * What may be kept while nothing can change: until the running task gives way to the page. A map from any key
 * to whatever was found out about it.
 */
function duringLook() {
  if (!look) {
    look = new Map();
    queueMicrotask(() => {
      look = null;
    });
  }
  return look;
}

/** The element of that id in the tree (document or shadow tree) of `element`. */
function byId(element, id) {
  const root = dom.rootNode(element);
  if (root instanceof Document) return dom.byIdInDocument(root, id);
  if (root instanceof DocumentFragment) return dom.byIdInFragment(root, id);
  return null;
}

/** The parent in the composed tree: through shadow roots to their hosts. */
function composedParent(node) {
  const parent = dom.parentNode(node);
  return isShadowRoot(parent) ? dom.host(parent) : parent;
}

/** The parent in the flat tree, as rendered: slotted nodes stand where their slot is. */
function flatParent(node) {
  const slot = isElement(node) ? dom.elementSlot(node) : isText(node) ? dom.textSlot(node) : null;
  return slot ?? composedParent(node);
}

/** Whether `node` is `ancestor` or stands inside it in the composed or the flat tree. */
function isInside(node, ancestor) {
  for (let at = node; at; at = flatParent(at)) if (at === ancestor) return true;
  for (let at = node; at; at = composedParent(at)) if (at === ancestor) return true;
  return false;
}

function childNodes(node) {
  const list = [];
  for (let at = dom.firstChild(node); at; at = dom.nextSibling(at)) list.push(at);
  return list;
}

/**
 * The children in the flat tree: of a host those of its open shadow root, of a slot what is put there, of a
 * closed <details> its summary.
 */
function flatChildren(node) {
  if (isElement(node)) {
    const shadow = dom.shadowRoot(node);
    if (shadow) return childNodes(shadow);
    if (node instanceof HTMLSlotElement) {
      const assigned = dom.assignedNodes(node);
      if (assigned.length) return assigned;
    }
    if (node instanceof HTMLDetailsElement && !dom.hasAttribute(node, 'open')) {
      return childNodes(node).filter((child) => tagOf(child) === 'summary').slice(0, 1);
    }
  }
  return childNodes(node);
}

/** Calls `visit` for every element below `root` in composed preorder, light children after the shadow tree. */
function eachElement(root, visit) {
  const stack = [root];
  while (stack.length) {
    const node = stack.pop();
    if (node !== root && isElement(node)) visit(node);
    const at = stack.length;
    if (isElement(node)) {
      const shadow = dom.shadowRoot(node);
      if (shadow) stack.push(shadow);
    }
    for (let child = dom.firstChild(node); child; child = dom.nextSibling(child)) {
      if (dom.nodeType(child) === 1) stack.push(child);
    }
    // What was pushed stands in document order and is taken from the end.
    for (let low = at, high = stack.length - 1; low < high; ++low, --high) {
      [stack[low], stack[high]] = [stack[high], stack[low]];
    }
  }
}

/** `root` and every open shadow root below it, outermost first. */
function treesBelow(root) {
  const trees = [root];
  if (isElement(root) && dom.shadowRoot(root)) trees.push(dom.shadowRoot(root));
  eachElement(root, (element) => {
    const shadow = dom.shadowRoot(element);
    if (shadow) trees.push(shadow);
  });
  return trees;
}

/** How an element is called in messages: its tag, what identifies it, and a little of its text. No values. */
function describe(element) {
  if (!isElement(element)) return 'the document';
  let tag = dom.localName(element);
  for (const name of ['id', 'class', 'role', 'aria-label', 'name', 'type']) {
    const value = dom.attribute(element, name);
    if (value) tag += ` ${name}="${clipped(value, 40)}"`;
  }
  const text = clipped(folded(dom.textContent(element)), 40);
  return text && tagOf(element) !== 'textarea' ? `<${tag}>${text}</${dom.localName(element)}>` : `<${tag}>`;
}

function clipped(text, limit) {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

/** White space, also no-break spaces and new lines, as single spaces; none at the ends. */
function folded(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** What a script's author did wrong: reported as Error{usage}. */
class UsageError extends Error {}
/** What the page shows otherwise than the script expects: reported as Error{drift}. */
class DriftError extends Error {}
