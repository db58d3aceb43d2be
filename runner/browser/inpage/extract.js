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

function extract({ extraction }) {
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

async function scroll({ query, x, y, timeout }) {
  if (!query) {
    window.scrollTo({ left: x, top: y, behavior: 'instant' });
    return { miss: null, alternative: 0 };
  }
  const compiled = compileQuery(query);
  let found = null;
  await poll(timeout, () => {
    found = compiled.one();
    return found.miss ? undefined : true;
  });
  if (found.miss) return { miss: found.miss };
  dom.scrollIntoViewIfNeeded(found.element, true);
  dom.scrollTo(found.element, { left: x, top: y, behavior: 'instant' });
  return { miss: null, alternative: found.alternative };
}
