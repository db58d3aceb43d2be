// Whether a person can see an element, and whether it can be used. Opacity and what lies on top are no
// question here: the first is still operable, the second is the hit test's (pointer.js).

const seeing = { visibilityProperty: true, contentVisibilityAuto: false, opacityProperty: false };

/** Rendered with a box that is not empty, `visibility: visible`, and not in a closed <details>. */
function isVisible(element) {
  if (dom.checkVisibility(element, seeing)) {
    const rect = dom.rect(element);
    return rect.width > 0 && rect.height > 0;
  }
  // An element without a box of its own is seen if any of its children is.
  if (getComputedStyle(element).display !== 'contents') return false;
  return flatChildren(element).some((child) =>
    isElement(child) ? isVisible(child) : isText(child) && isTextVisible(child));
}

function isTextVisible(text) {
  if (!dom.data(text).trim()) return false;
  const range = dom.createRange(document);
  range.selectNode(text);
  const rect = range.getBoundingClientRect();
  return rect.width > 0 && rect.height > 0;
}

/** Whether it takes part in layout at all (not `display: none`, not skipped with its container). */
function isRendered(element) {
  return dom.checkVisibility(element) || getComputedStyle(element).display === 'contents';
}

const nativeControls = new Set(['button', 'input', 'select', 'textarea', 'option', 'optgroup']);

/**
 * Why the element cannot be used, or ''. A disabled ancestor disables what is inside it: a <fieldset>
 * natively, `aria-disabled` by its meaning, a disabled button its own label text.
 */
function disabledBy(element) {
  for (let at = element; at; at = flatParent(at)) {
    if (!isElement(at)) continue;
    if (nativeControls.has(tagOf(at)) && dom.matches(at, ':disabled')) return `${describe(at)} is disabled`;
    const aria = dom.attribute(at, 'aria-disabled')?.trim().toLowerCase();
    if (aria === 'true') return `${describe(at)} has aria-disabled="true"`;
    if (aria === 'false' && at === element) return '';
    if (dom.hasAttribute(at, 'inert')) return `${describe(at)} is inert`;
    if (tagOf(at) === 'label') {
      const control = labelControl(at);
      if (control && dom.matches(control, ':disabled')) return `${describe(control)} is disabled`;
    }
  }
  return '';
}

const labelControl = getter(HTMLLabelElement, 'control');
