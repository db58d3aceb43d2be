// The document as HTML, as it stands: what was typed and chosen included, secrets left out.

const voidTags = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source',
  'track', 'wbr']);
const rawTags = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext']);
const templateContent = getter(HTMLTemplateElement, 'content');
const doctypeName = getter(DocumentType, 'name');

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\u00a0': '&nbsp;' };
const escaped = (text) => withoutSecrets(text).replace(/[&<>"\u00a0]/g, (letter) => escapes[letter]);

/** A text with every value that was filled in as a secret taken out, wherever the page repeats it. */
function withoutSecrets(text) {
  let clean = text;
  for (const value of secretValues) if (value.length >= 4) clean = clean.replaceAll(value, '');
  return clean;
}

// What a snapshot cannot know without layout is written as attributes where the HTML alone says otherwise.
// `data-offstage-hidden`: '' where an element is not rendered, with all that is in it; 'unseen' (visibility) and
// again 'seen' inside; 'empty' where only its own box is; 'closed' where only its own text is not shown.
// `data-offstage-display`: 'block' or 'inline' where a style makes the other of it, which sets its text apart.
const hiddenMark = 'data-offstage-hidden';
const displayMark = 'data-offstage-display';
const neverRendered = new Set(['script', 'style', 'template', 'link', 'meta', 'title', 'base', 'noscript']);
const setApartByTag = new Set([...apart, 'body', 'center', 'html', 'hgroup', 'input', 'legend', 'meter', 'menu',
  'optgroup', 'progress', 'search', 'textarea', 'caption', 'col', 'colgroup', 'marquee', 'listing', 'plaintext', 'xmp', 'dir']);
setApartByTag.delete('br');

function sightOf(element) {
  if (!isRendered(element)) return '';
  const style = getComputedStyle(element);
  if (style.visibility !== 'visible') return 'unseen';
  if (!isVisible(element)) return 'empty';
  return style.contentVisibility === 'hidden' ? 'closed' : 'seen';
}

/** What a reader takes for granted of an element whose parent is seen or not. */
function impliedSight(element, inherited) {
  if (inherited === '') return '';
  const tag = tagOf(element);
  if (neverRendered.has(tag)) return '';
  if (tag === 'option' || tag === 'optgroup') {
    const list = dom.closest(element, 'select');
    if (list && roleOf(list) !== 'listbox') return '';
  }
  if (inherited === 'unseen') return 'unseen';
  return tag === 'br' || tag === 'wbr' ? 'empty' : 'seen';
}

/** The marks of an element, and as `sight` what its children take for granted. `known`: the sight of each parent. */
function marksOf(element, known) {
  const parent = composedParent(element);
  const inherited = known.get(parent) ?? 'seen';
  const sight = inherited === '' ? '' : sightOf(element);
  known.set(element, sight === 'empty' || sight === 'closed' ? 'seen' : sight);
  const marks = {};
  if (sight !== impliedSight(element, inherited)) marks[hiddenMark] = sight;
  if (sight === '' || !isHtml(element)) return marks;
  const isApart = isBlock(getComputedStyle(element).display);
  const tag = tagOf(element);
  if (isApart !== setApartByTag.has(tag) && tag !== 'br') marks[displayMark] = isApart ? 'block' : 'inline';
  return marks;
}

function openingTag(element, known) {
  const tag = dom.localName(element);
  const state = { [hiddenMark]: null, [displayMark]: null, ...stateOf(element), ...marksOf(element, known) };
  let text = `<${tag}`;
  for (const { name, value } of dom.attributes(element)) {
    if (!Object.hasOwn(state, name)) text += ` ${name}="${escaped(value)}"`;
  }
  for (const [name, value] of Object.entries(state)) if (value !== null) text += ` ${name}="${escaped(value)}"`;
  return `${text}>`;
}

// Attributes that say what a field holds now; null: left out.
function stateOf(element) {
  switch (tagOf(element)) {
    case 'input': {
      if (isConfidential(element)) return { value: null };
      const type = inputType(element);
      if (type === 'file') return { value: null };
      if (type === 'checkbox' || type === 'radio') return { checked: checkedState(element) ? '' : null };
      const value = valueOf(element);
      return value === '' && !dom.hasAttribute(element, 'value') ? {} : { value };
    }
    case 'option':
      return { selected: optionSelected(element) ? '' : null };
    default:
      return {};
  }
}

function html() {
  const pieces = [];
  // A stack instead of recursion: a page may nest deeper than the call stack. Strings are closing tags.
  const stack = [];
  const pushChildren = (node) => {
    const children = childNodes(node);
    for (let index = children.length - 1; index >= 0; --index) stack.push(children[index]);
  };
  pushChildren(document);
  const known = new Map();
  while (stack.length) {
    const node = stack.pop();
    if (typeof node === 'string') pieces.push(node);
    else if (isShadowRoot(node)) {
      pieces.push('<template shadowrootmode="open">');
      stack.push('</template>');
      pushChildren(node);
    } else if (isElement(node)) {
      if (node === maskHost) continue;
      pieces.push(openingTag(node, known));
      const tag = tagOf(node);
      if (voidTags.has(tag)) continue;
      stack.push(`</${dom.localName(node)}>`);
      if (rawTags.has(tag)) pieces.push(withoutSecrets(dom.textContent(node)));
      else if (tag === 'textarea') pieces.push(escaped(valueOf(node)));
      else {
        const content = tag === 'template' ? templateContent(node) : node;
        if (content !== node) known.set(content, '');
        pushChildren(content);
        const shadow = dom.shadowRoot(node);
        if (shadow) stack.push(shadow);
      }
    } else if (isText(node)) {
      pieces.push(escaped(dom.data(node)));
    } else if (node instanceof DocumentType) {
      pieces.push(`<!DOCTYPE ${doctypeName(node)}>`);
    } else if (node instanceof Comment) {
      pieces.push(`<!--${withoutSecrets(dom.data(node))}-->`);
    }
  }
  return { html: pieces.join('') };
}
