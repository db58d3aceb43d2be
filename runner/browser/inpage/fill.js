// Filling fields as Recorder's `change` does: what needs no keys is set here, what is typed is prepared here
// and typed by the browser. Values are never answered back.

const setValue = {
  input: setter(HTMLInputElement, 'value'),
  textarea: setter(HTMLTextAreaElement, 'value'),
};
const readOnly = {
  input: getter(HTMLInputElement, 'readOnly'),
  textarea: getter(HTMLTextAreaElement, 'readOnly'),
};
const maxLength = {
  input: getter(HTMLInputElement, 'maxLength'),
  textarea: getter(HTMLTextAreaElement, 'maxLength'),
};
const selectAllIn = { input: method(HTMLInputElement, 'select'), textarea: method(HTMLTextAreaElement, 'select') };
const setCaret = {
  input: method(HTMLInputElement, 'setSelectionRange'),
  textarea: method(HTMLTextAreaElement, 'setSelectionRange'),
};
const checkedState = getter(HTMLInputElement, 'checked');
const selectOptions = getter(HTMLSelectElement, 'options');
const optionValue = getter(HTMLOptionElement, 'value');
const optionSelected = getter(HTMLOptionElement, 'selected');
const selectOption = setter(HTMLOptionElement, 'selected');
const focusElement = method(HTMLElement, 'focus');
const activeElement = (root) => (isShadowRoot(root) ? activeInShadow(root) : activeInDocument(document));
const activeInDocument = getter(Document, 'activeElement');
const activeInShadow = getter(ShadowRoot, 'activeElement');
const editable = getter(HTMLElement, 'isContentEditable');

const typedTypes = new Set(['text', 'url', 'tel', 'search', 'password', 'number', 'email']);
const unfillableTypes = new Set(['file', 'submit', 'reset', 'button', 'image', 'hidden']);
// Types whose text cannot be selected in parts.
const wholeTypes = new Set(['number', 'email']);

async function fill({ query, value, secret, token, timeout }) {
  const ticket = takeTurn();
  const compiled = compileQuery(query);
  let last = miss('absent', 'nothing was looked at yet');
  const answer = await poll(timeout, () => {
    if (ticket !== turn) return { miss: miss('absent', 'another action took over') };
    const found = compiled.one();
    last = found.miss ?? whyNotFillable(found, value);
    return last ? undefined : found;
  });
  if (!answer || answer.miss) return { miss: answer?.miss ?? last };
  const { alternative } = answer;
  const element = fieldOf(answer.element);
  if (secret) {
    secretFields.add(element);
    secretValues.add(value);
  }
  // The field is brought into view as for a person, also for the pictures.
  dom.scrollIntoViewIfNeeded(element, true);
  return { alternative, ...fillNow(element, value, token) };
}

/** A label stands for its field. */
function fieldOf(element) {
  return tagOf(element) === 'label' ? labelControl(element) ?? element : element;
}

const stateRoles = new Set(['checkbox', 'radio', 'switch']);

function kindOf(element) {
  const tag = tagOf(element);
  if (tag === 'select') return 'select';
  if (tag === 'textarea') return 'text';
  if (tag === 'input') {
    const type = inputType(element);
    if (type === 'checkbox' || type === 'radio') return 'state';
    if (unfillableTypes.has(type)) return 'none';
    return typedTypes.has(type) ? 'text' : 'assigned';
  }
  if (isHtml(element) && editable(element)) return 'rich';
  return stateRoles.has(roleOf(element)) ? 'state' : 'none';
}

/** A miss if the field cannot be given that value now, or null. */
function whyNotFillable({ element: target, selector, matches }, value) {
  const about = { selector, matches };
  const element = fieldOf(target);
  const kind = kindOf(element);
  if (kind === 'none') return miss('not_editable', `${describe(element)} is no field`, about);
  const disabled = disabledBy(element);
  if (disabled) return miss('disabled', disabled, about);
  const tag = tagOf(element);
  if (dom.attribute(element, 'aria-readonly') === 'true' || (kind !== 'state' && readOnly[tag]?.(element))) {
    return miss('not_editable', `${describe(element)} is read-only`, about);
  }
  const most = kind === 'text' ? maxLength[tag](element) : -1;
  if (most >= 0 && value.length > most) {
    return miss('not_editable', `${describe(element)} takes at most ${most} characters`, about);
  }
  if (kind === 'select') return whyNotSelectable(element, value, about);
  if (kind === 'assigned' && !accepts(element, value)) {
    return miss('not_editable', `${describe(element)} takes no such value`, about);
  }
  if (kind === 'state' && value === '' && isOn(element) && roleOf(element) === 'radio') {
    return miss('not_editable', `${describe(element)} is a radio button: choose another one instead`, about);
  }
  return null;
}

function whyNotSelectable(element, value, about) {
  const options = Array.from(selectOptions(element));
  const option = options.find((candidate) => optionValue(candidate) === value);
  if (option && !dom.matches(option, ':disabled')) return null;
  if (option) return miss('disabled', `${describe(option)} is disabled`, about);
  const values = options.slice(0, 20).map((candidate) => `"${clipped(optionValue(candidate), 40)}"`);
  if (options.length > values.length) values.push(`and ${options.length - values.length} more`);
  return miss('no_option', `the values of ${describe(element)} are ${values.join(', ') || 'none'}`, about);
}

// A field of the same type, outside of the page, shows what becomes of the value.
function accepts(element, value) {
  const probe = dom.createElement(document, 'input');
  for (const name of ['type', 'min', 'max', 'step']) {
    const setting = dom.attribute(element, name);
    if (setting !== null) probe.setAttribute(name, setting);
  }
  probe.value = value;
  if (probe.type === 'color') return probe.value === value.toLowerCase();
  if (probe.type === 'range') return value.trim() !== '' && Number(probe.value) === Number(value);
  return probe.value === value || (value !== '' && probe.value !== '' && probe.type !== 'text');
}

function isOn(element) {
  if (tagOf(element) === 'input') return checkedState(element);
  return dom.attribute(element, 'aria-checked') === 'true';
}

function fillNow(element, value, token) {
  switch (kindOf(element)) {
    case 'state':
      // As Recorder has it: any text means on, none means off.
      return { action: isOn(element) === (value !== '') ? 'done' : 'click' };
    case 'select':
      focusElement(element);
      for (const option of selectOptions(element)) if (optionSelected(option)) selectOption(option, false);
      selectOption(Array.from(selectOptions(element)).find((option) => optionValue(option) === value), true);
      announce(element);
      return { action: 'done' };
    case 'assigned':
      focusElement(element);
      setValue.input(element, value);
      announce(element);
      return { action: 'done' };
    default:
      return prepareTyping(element, value, token);
  }
}

function announce(element) {
  dom.dispatch(element, new Event('input', { bubbles: true, composed: true }));
  dom.dispatch(element, new Event('change', { bubbles: true }));
}

function prepareTyping(element, value, token) {
  const tag = tagOf(element);
  const current = fieldValue[tag] ? fieldValue[tag](element) : dom.textContent(element);
  if (current === value) return { action: 'done' };
  focusElement(element);
  const partial = fieldValue[tag] && !(tag === 'input' && wholeTypes.has(inputType(element)));
  const rest = partial && current !== '' && value.startsWith(current);
  if (rest) setCaret[tag](element, current.length, current.length);
  else if (fieldValue[tag]) selectAllIn[tag](element);
  else getSelection().selectAllChildren(element);
  if (value === '') {
    clear(element, tag);
    return { action: 'done' };
  }
  armTyping({ token, element, armedFor: 30000 });
  return { action: 'type', skip: rest ? new TextEncoder().encode(current).length : 0 };
}

// Deleting what is selected is what a person would do; a page that hinders it is given the empty value.
function clear(element, tag) {
  dom.execCommand(document, 'delete');
  if (!fieldValue[tag]) return;
  if (fieldValue[tag](element) === '') return;
  setValue[tag](element, '');
  dom.dispatch(element, new Event('input', { bubbles: true, composed: true }));
}

function filled({ token, strokes, more }) {
  const guard = typingGuard;
  if (guard?.token !== token) return { miss: null };
  if (!more) typingGuard = null;
  const { element, heard, received, stray } = guard;
  const wrong = (seen) => miss('not_editable', seen);
  if (heard < strokes) {
    const seen = `${strokes - heard} of ${strokes} keys for ${describe(element)} went elsewhere, such as to a frame`;
    return { miss: wrong(seen), reached: true };
  }
  if (stray) return { miss: wrong(`the input went to ${stray} instead of ${describe(element)}`) };
  if (more) return { miss: hasFocus(element) ? null : wrong(`${describe(element)} lost the focus`) };
  return { miss: received ? null : wrong(`${describe(element)} did not take the input`) };
}

function hasFocus(element) {
  const active = activeElement(dom.rootNode(element));
  if (!active) return false;
  return isInside(active, element) || (kindOf(element) === 'rich' && isInside(element, active) && editable(active));
}
