// Queries: the rows that narrow them, and the one element that is meant.

/** A miss as it is reported: why, and what was seen instead. */
function miss(why, seen, more = {}) {
  return { why, seen: clipped(seen, 400), matches: more.matches ?? 0, selector: more.selector ?? '' };
}

function compileWithin(within) {
  const rows = compileSelectors(within.rows);
  const field = within.field.length ? compileSelectors(within.field) : null;
  const value = folded(within.equals);
  if (within.rows.length === 0) throw new UsageError('`within` has no selectors for its rows');
  const named = (row) => {
    if (field) {
      const { elements } = field(row);
      const [first] = elements;
      // The text is compared before the visibility: it rules out nearly all of many rows.
      if (elements.length === 1) return textOf(first) === value && isVisible(first);
      const seen = elements.find(isVisible);
      return seen !== undefined && textOf(seen) === value;
    }
    // Without a field: exactly one element says it, and nothing else.
    let count = ownText(row) === value ? 1 : 0;
    eachElement(row, (element) => {
      const text = valueOf(element) ?? ownText(element);
      if (folded(text) === value && isVisible(element)) ++count;
    });
    return count === 1;
  };
  return (root) => {
    const found = rows(root);
    const matching = found.elements.filter((row) => named(row) && isVisible(row));
    const { alternative, selector } = found;
    if (matching.length === 1) return { row: matching[0], alternative, selector };
    if (matching.length === 0) {
      const seen = `none of ${found.elements.length} rows (${selector}) has "${clipped(value, 80)}"`;
      return { miss: miss('absent', seen, { selector }) };
    }
    const seen = `${matching.length} rows (${selector}) have "${clipped(value, 80)}"`;
    return { miss: miss('ambiguous', seen, { selector, matches: matching.length }) };
  };
}

function compileScope(within) {
  const steps = within.map(compileWithin);
  return () => {
    let root = document;
    let last = null;
    for (const step of steps) {
      last = step(root);
      if (last.miss) return last;
      root = last.row;
    }
    return { root, last };
  };
}

/**
 * A query, ready to be asked again and again. `all()` answers {elements, alternative, selector} or {miss};
 * `one()` the element that an action would be done to: {element, alternative, selector} or {miss}.
 */
function compileQuery(query) {
  const scope = compileScope(query.within);
  const selectors = query.selectors.length ? compileSelectors(query.selectors) : null;
  const all = () => {
    const { root, last, miss: missed } = scope();
    if (missed) return { miss: missed };
    if (selectors) return selectors(root);
    const element = root === document ? dom.documentElement(document) : root;
    const { alternative = 0, selector = '' } = last ?? {};
    return { elements: element ? [element] : [], alternative, selector };
  };
  const one = () => {
    const found = all();
    if (found.miss) return found;
    const { elements, alternative, selector } = found;
    if (elements.length === 0) return { miss: miss('absent', `nothing matches ${selector}`, { selector }) };
    const visible = elements.filter(isVisible);
    const matches = visible.length;
    if (matches === 0) {
      const seen = `${describe(elements[0])} is there but cannot be seen`;
      return { miss: miss('hidden', seen, { selector, matches: elements.length }) };
    }
    if (query.unique && matches > 1) {
      const seen = `${matches} elements match ${selector}: ${visible.slice(0, 3).map(describe).join(', ')}`;
      return { miss: miss('ambiguous', seen, { selector, matches }) };
    }
    return { element: visible[0], alternative, selector, matches };
  };
  return { all, one };
}
