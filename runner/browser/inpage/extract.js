// Reading rows of fields, and scrolling.

function compileField(field) {
  const selectors = field.selectors.length ? compileSelectors(field.selectors) : null;
  let pattern = null;
  try {
    if (field.match) pattern = new RegExp(field.match);
  } catch (error) {
    throw new UsageError(`the field '${field.name}' has a regular expression that is not valid: ${error.message}`);
  }
  if (!['text', 'value'].includes(field.read) && !/^@./.test(field.read)) {
    throw new UsageError(`the field '${field.name}' reads '${field.read}': it can be text, value or @attribute`);
  }
  return { ...field, find: selectors, pattern };
}

/** What stands in a row under a field; null when it is missing or empty. */
function readField(field, row) {
  let element = row;
  if (field.find) {
    const { elements } = field.find(row);
    element = elements.length > 1 ? elements.find(isVisible) ?? elements[0] : elements[0];
  }
  if (!element) return null;
  let text;
  if (field.read === 'text') text = textOf(element);
  else if (field.read === 'value') text = valueOf(element) ?? '';
  else text = dom.attribute(element, field.read.slice(1)) ?? '';
  if (!field.pattern) return text || null;
  const match = field.pattern.exec(text);
  return (match && (match.length > 1 ? match[1] : match[0])) || null;
}

function fieldValueOf(field, row, number) {
  if (field.constant !== undefined) return field.constant;
  const where = `row ${number}, field '${field.name}'`;
  const text = readField(field, row);
  if (text === null) {
    if (field.optional) return null;
    throw new DriftError(`${where}: nothing is there to read (${wanted(field)}) in ${describe(row)}`);
  }
  if (field.map === null) return text;
  if (Object.hasOwn(field.map, text)) return field.map[text];
  if (Object.hasOwn(field.map, '*')) return field.map['*'];
  const known = Object.keys(field.map).map((key) => `"${key}"`).join(', ');
  throw new DriftError(`${where}: "${clipped(text, 80)}" is none of ${known}`);
}

function wanted(field) {
  const selectors = field.selectors.map((chain) => chain.join(' ')).join(' | ') || 'the row itself';
  return `${field.read} of ${selectors}${field.match ? `, matching /${field.match}/` : ''}`;
}

// More at once is no page that people read, and would fill Chrome's memory and ours.
const mostRows = 100_000;

/** Why the rows are not yet to be read; null when they are. */
function whyNotReady(conditions) {
  if (dom.readyState(document) !== 'complete') return miss('condition', 'the document is still loading');
  for (const condition of conditions) {
    const missed = compileCondition(condition)();
    if (missed) return missed;
  }
  return null;
}

function extract({ extraction }) {
  const missed = extraction.ready ? whyNotReady(extraction.ready) : null;
  return missed ? { miss: missed } : { miss: null, rows: rowsOf(extraction) };
}

function rowsOf(extraction) {
  const fields = extraction.fields.map(compileField);
  const rows = compileQuery({ within: extraction.within, selectors: extraction.rows, unique: false }).all();
  if (rows.miss) throw new DriftError(rows.miss.seen);
  if (rows.elements.length > mostRows) {
    throw new DriftError(`${rows.elements.length} rows at once are more than the ${mostRows} that are read`);
  }
  // A row that nobody sees is a template, or the same row drawn for another width of screen.
  return rows.elements.filter(isVisible).map((row, index) =>
    Object.fromEntries(fields.map((field) => [field.name, fieldValueOf(field, row, index + 1)])));
}

/** The element to be scrolled, once it is there, in view. */
async function scrollable(query, timeout) {
  const compiled = compileQuery(query);
  let found = null;
  await poll(timeout, () => {
    found = compiled.one();
    return found.miss ? undefined : true;
  });
  if (!found.miss) dom.scrollIntoViewIfNeeded(found.element, true);
  return found;
}

async function scroll({ query, x, y, timeout }) {
  if (!query) {
    window.scrollTo({ left: x, top: y, behavior: 'instant' });
    return { miss: null, alternative: 0 };
  }
  const { element, alternative, miss: missed } = await scrollable(query, timeout);
  if (missed) return { miss: missed };
  dom.scrollTo(element, { left: x, top: y, behavior: 'instant' });
  return { miss: null, alternative };
}

async function scrollOn({ box, rows, timeout }) {
  const page = { element: dom.scrollingElement(document) ?? dom.documentElement(document), alternative: 0 };
  const { element, alternative, miss: missed } = box ? await scrollable(box, timeout) : page;
  if (missed) return { miss: missed };
  const found = compileQuery(rows).all();
  if (found.miss) return { miss: found.miss };
  // A box's rows are placed against the window, the page's against where it is scrolled to.
  const edge = box ? dom.rect(element).top + dom.clientTop(element) : 0;
  // Drawn rows need not stand in the order of the document.
  const last = found.elements.filter(isVisible).map((row) => dom.rect(row).top - edge)
    .reduce((lowest, top) => Math.max(lowest, top), 0);
  // One pixel of the row before it too: positions are rounded.
  const step = last > 1 ? Math.floor(last - 1) : dom.clientHeight(element) * 0.8;
  dom.scrollTo(element, { top: dom.scrollTop(element) + Math.max(step, 1), behavior: 'instant' });
  return { miss: null, alternative };
}
