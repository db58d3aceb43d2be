// The ARIA role of an element, as WAI-ARIA 1.2 and HTML-AAM give it, by the names that Chrome's
// accessibility tree uses.

const knownRoles = new Set(('alert alertdialog application article banner blockquote button caption cell ' +
  'checkbox code columnheader combobox complementary contentinfo definition deletion dialog directory ' +
  'document emphasis feed figure form generic grid gridcell group heading img image insertion link list ' +
  'listbox listitem log main mark marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter ' +
  'navigation none note option paragraph presentation progressbar radio radiogroup region row rowgroup ' +
  'rowheader scrollbar search searchbox separator slider spinbutton status strong subscript suggestion ' +
  'superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid ' +
  'treeitem').split(' '));

const rolesOfTags = {
  address: 'group', article: 'article', aside: 'complementary', blockquote: 'blockquote', button: 'button',
  caption: 'caption', code: 'code', datalist: 'listbox', dd: 'definition', del: 'deletion',
  details: 'group', dfn: 'term', dialog: 'dialog', dt: 'term', em: 'emphasis', fieldset: 'group',
  figure: 'figure', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading',
  h6: 'heading', hr: 'separator', iframe: 'iframe', ins: 'insertion', li: 'listitem', main: 'main', mark: 'mark',
  math: 'math', menu: 'list', meter: 'meter', nav: 'navigation', ol: 'list', optgroup: 'group',
  option: 'option', output: 'status', p: 'paragraph', progress: 'progressbar', search: 'search',
  strong: 'strong', sub: 'subscript', sup: 'superscript', svg: 'img', table: 'table', tbody: 'rowgroup',
  textarea: 'textbox', tfoot: 'rowgroup', thead: 'rowgroup', time: 'time', tr: 'row', ul: 'list',
  legend: 'legend', label: 'label', html: 'document',
};

const rolesOfInputs = {
  button: 'button', checkbox: 'checkbox', color: 'button', email: 'textbox', file: 'button',
  image: 'button', number: 'spinbutton', password: 'textbox', radio: 'radio', range: 'slider',
  reset: 'button', search: 'searchbox', submit: 'button', tel: 'textbox', text: 'textbox', url: 'textbox',
};

const sameRoles = {
  img: 'image', presentation: 'none', directory: 'list', DisclosureTriangle: 'button', ColorWell: 'button',
  LayoutTable: 'table', LayoutTableRow: 'row', LayoutTableCell: 'cell',
};
/** Roles that mean the same under one name; Chrome's own, which Recorder writes, as those of ARIA. */
const canonicalRole = (role) => sameRoles[role] ?? role;

const globalAria = ['atomic', 'busy', 'controls', 'current', 'describedby', 'description', 'details',
  'dropeffect', 'flowto', 'grabbed', 'hidden', 'keyshortcuts', 'label', 'labelledby', 'live', 'owns',
  'relevant', 'roledescription'].map((name) => `aria-${name}`);

const nativeTabIndex = getter(HTMLElement, 'tabIndex');

function isFocusable(element) {
  if (!isHtml(element) || dom.matches(element, ':disabled')) return false;
  return nativeTabIndex(element) >= 0 || dom.hasAttribute(element, 'tabindex');
}

/** The role of an element; 'none' where it says that it has no meaning, 'generic' where it has none. */
function roleOf(element) {
  for (const word of (dom.attribute(element, 'role') ?? '').toLowerCase().split(/\s+/)) {
    if (!knownRoles.has(word)) continue;
    if (word !== 'none' && word !== 'presentation') return canonicalRole(word);
    // A role of none does not hold where the element can be used or says something of itself.
    if (!isFocusable(element) && !globalAria.some((name) => dom.hasAttribute(element, name))) return 'none';
    break;
  }
  return canonicalRole(implicitRole(element));
}

function implicitRole(element) {
  const tag = dom.localName(element);
  if (!isHtml(element)) return tag === 'svg' ? 'img' : tag === 'a' ? 'link' : 'generic';
  switch (tag) {
    case 'a':
    case 'area':
      return dom.hasAttribute(element, 'href') ? 'link' : 'generic';
    case 'img': {
      const alt = dom.attribute(element, 'alt');
      const named = ['aria-label', 'aria-labelledby', 'title'].some((name) => dom.attribute(element, name));
      return alt === '' && !named && !isFocusable(element) ? 'none' : 'img';
    }
    case 'input':
      return roleOfInput(element);
    case 'select':
      return dom.hasAttribute(element, 'multiple') || Number(dom.attribute(element, 'size')) > 1
        ? 'listbox' : 'combobox';
    case 'summary': {
      const details = dom.parentNode(element);
      if (!isElement(details) || tagOf(details) !== 'details') return 'generic';
      return childNodes(details).find((child) => tagOf(child) === 'summary') === element ? 'button' : 'generic';
    }
    case 'td':
    case 'th':
      return roleOfCell(element, tag);
    case 'tr': case 'tbody': case 'thead': case 'tfoot': {
      const table = dom.closest(element, 'table');
      return table && roleOf(table) === 'none' ? 'none' : rolesOfTags[tag];
    }
    case 'header':
    case 'footer':
      if (dom.closest(element, 'article, aside, main, nav, section')) return 'generic';
      return tag === 'header' ? 'banner' : 'contentinfo';
    case 'section':
    case 'form': {
      const named = ['aria-label', 'aria-labelledby', 'title'].some((name) => dom.attribute(element, name));
      return !named ? 'generic' : tag === 'form' ? 'form' : 'region';
    }
    default:
      return Object.hasOwn(rolesOfTags, tag) ? rolesOfTags[tag] : 'generic';
  }
}

function roleOfInput(element) {
  const type = inputType(element);
  if (type === 'checkbox' && dom.hasAttribute(element, 'switch')) return 'switch';
  if (dom.hasAttribute(element, 'list') && ['text', 'search', 'tel', 'url', 'email'].includes(type)) {
    const list = byId(element, dom.attribute(element, 'list'));
    if (list && tagOf(list) === 'datalist') return 'combobox';
  }
  return Object.hasOwn(rolesOfInputs, type) ? rolesOfInputs[type] : 'generic';
}

function roleOfCell(element, tag) {
  const table = dom.closest(element, 'table');
  if (!table) return 'generic';
  const role = roleOf(table);
  if (role === 'none') return 'none';
  const plain = role === 'grid' || role === 'treegrid' ? 'gridcell' : 'cell';
  if (tag === 'td') return plain;
  switch (dom.attribute(element, 'scope')) {
    case 'row': case 'rowgroup': return 'rowheader';
    case 'col': case 'colgroup': return 'columnheader';
  }
  const row = dom.parentNode(element);
  const cells = row ? childNodes(row).filter(isElement) : [];
  // A header beside data heads the row; an empty corner is no data.
  const filledIn = (cell) => tagOf(cell) === 'td' && (dom.textContent(cell).trim() || queryAll(cell, '*').length);
  return cells.some(filledIn) ? 'rowheader' : 'columnheader';
}
