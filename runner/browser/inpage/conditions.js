// Conditions of the page, and waiting for them at frame rate.

const comparisons = {
  at_least: [(n, count) => n >= count, 'at least'],
  exactly: [(n, count) => n === count, 'exactly'],
  at_most: [(n, count) => n <= count, 'at most'],
};

function globPattern(glob) {
  const parts = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

/** Whether `actual` holds everything that `expected` says, objects looked into (1 is not "1"). */
function holdsAll(actual, expected) {
  if (expected === null || typeof expected !== 'object') return Object.is(actual, expected);
  if (actual === null || (typeof actual !== 'object' && typeof actual !== 'function')) return false;
  return Object.entries(expected).every(([key, value]) => holdsAll(actual[key], value));
}

/** A condition, ready to be looked at again and again: a function that answers null or a miss. */
function compileCondition(condition) {
  const query = compileQuery(condition.query);
  const url = condition.url === undefined ? null : globPattern(condition.url);
  const look = () => {
    if (url && !url.test(location.href)) return miss('condition', `the address is ${location.href}`);
    return lookAtMatches(condition, query);
  };
  if (!condition.negate) return look;
  return () => (look() === null ? miss('condition', 'what must not be so is so') : null);
}

function lookAtMatches(condition, query) {
  const found = query.all();
  if (found.miss && found.miss.why === 'ambiguous') return found.miss;
  const { elements = [], selector = '' } = found;
  const about = { selector, matches: elements.length };
  // What nobody can see names nothing on the screen.
  const mustSee = condition.visible || condition.names !== undefined;
  let matching = mustSee ? elements.filter(isVisible) : elements;
  if (condition.query.unique) {
    const visible = mustSee ? matching : elements.filter(isVisible);
    if (visible.length > 1) return miss('ambiguous', `${visible.length} elements match ${selector}`, about);
  }
  const { textEquals, textContains } = condition;
  const beforeText = matching;
  if (textEquals !== undefined) matching = matching.filter((element) => textOf(element) === folded(textEquals));
  if (textContains !== undefined) {
    matching = matching.filter((element) => textOf(element).includes(folded(textContains)));
  }
  const [compare, words] = comparisons[condition.comparison];
  if (!compare(matching.length, condition.count)) {
    return countMiss(condition, { found, elements, beforeText, matching, words, about });
  }
  return lookAtEach(condition, matching, about);
}

function countMiss(condition, { found, elements, beforeText, matching, words, about }) {
  if (elements.length === 0) return found.miss ?? miss('absent', `nothing matches ${about.selector}`, about);
  if (beforeText.length === 0) return miss('hidden', `${describe(elements[0])} cannot be seen`, about);
  if (beforeText !== matching && matching.length < condition.count) {
    return miss('condition', `the text is "${clipped(textOf(beforeText[0]), 200)}"`, about);
  }
  const seen = `${matching.length} of ${words} ${condition.count} elements match ${about.selector}`;
  return miss('condition', seen, { ...about, matches: matching.length });
}

function lookAtEach(condition, matching, about) {
  for (const element of matching) {
    for (const [name, value] of Object.entries(condition.attributes)) {
      const actual = dom.attribute(element, name);
      if (actual === value) continue;
      const seen = actual === null ? 'absent' : `"${clipped(actual, 80)}"`;
      return miss('condition', `the attribute ${name} of ${describe(element)} is ${seen}`, about);
    }
    for (const [name, value] of Object.entries(condition.properties)) {
      if (name === 'value' && isConfidential(element)) {
        return miss('condition', `the value of ${describe(element)} is not looked at`, about);
      }
      if (!holdsAll(element[name], value)) {
        return miss('condition', `the property ${name} of ${describe(element)} is not as expected`, about);
      }
    }
    if (condition.names !== undefined) {
      const problem = whyNotNamed(textOf(element), folded(condition.names));
      if (problem) return miss('condition', problem, about);
    }
  }
  return null;
}

/** Why a text does not name exactly this one, or ''. */
function whyNotNamed(text, name) {
  const count = countOfUnits(text, name);
  const shown = `the text is "${clipped(text, 160)}"`;
  if (count !== 1) return `"${clipped(name, 80)}" stands ${count} times where once is meant; ${shown}`;
  const others = addressesIn(text).filter(({ address }) => address !== name);
  if (others.length && !others.every(({ start, end }) => isPartOf(text, name, start, end))) {
    return `another address stands beside it: "${clipped(others[0].address, 80)}"; ${shown}`;
  }
  return '';
}

// What the generous pattern takes for an address may be the name itself with quotation marks around it.
function isPartOf(text, name, start, end) {
  const at = text.indexOf(name);
  if (at <= start && end <= at + name.length) return true;
  const around = start <= at && at + name.length <= end;
  return around && !wordLike.test(text.slice(start, at) + text.slice(at + name.length, end));
}

/** How many of the frames that were waited for came. */
let framesDrawn = 0;

/**
 * The next animation frame, at which layout is settled, and `pause` milliseconds later if that is more than a
 * moment; where no frames come (a hidden page), a while later. A page so large that looking takes long is looked
 * at less often.
 */
function nextFrame(pause = 0) {
  return new Promise((resolve) => {
    let over = false;
    const done = () => {
      if (over) return;
      over = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      resolve();
    };
    const frame = requestAnimationFrame(() => {
      ++framesDrawn;
      if (pause > 8) setTimeout(done, pause);
      else done();
    });
    const timer = setTimeout(done, 100 + 2 * pause);
  });
}

/**
 * Looks at each frame until `look` answers something but undefined, or time is up: then undefined. Looks at least
 * `least` times, however little time there is.
 */
async function poll(timeout, look, least = 1) {
  const begun = performance.now();
  const end = begun + timeout;
  for (let looks = 1; ; ++looks) {
    const start = performance.now();
    const answer = await look();
    if (answer !== undefined) return answer;
    const now = performance.now();
    if (now >= end && looks >= least) return undefined;
    // The longer it has taken, the less a moment more matters: a twentieth of it, up to a tenth of a second.
    const ease = Math.min((now - begun) / 20, 100);
    await nextFrame(Math.max(Math.min(now - start, 1000), ease));
  }
}

async function wait({ conditions, timeout }) {
  const looks = conditions.map(compileCondition);
  let misses = [];
  const index = await poll(timeout, () => {
    misses = [];
    for (const [at, look] of looks.entries()) {
      const missed = look();
      if (missed === null) return at;
      misses.push(missed);
    }
    return undefined;
  });
  return index === undefined ? { misses } : { index };
}

const check = ({ condition }) => ({ miss: compileCondition(condition)() });

function text({ query }) {
  const { elements = [] } = compileQuery(query).all();
  const element = elements.find(isVisible) ?? elements[0];
  return { text: element ? textOf(element) : null };
}
