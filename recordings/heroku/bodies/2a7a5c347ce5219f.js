// The panel that slides in from the right.
import { fault } from './config.js';
import { h, sleep, view, asyncButton } from './elements.js';

const place = document.getElementById('hk-slide-panels');

export async function closePanel() {
  const overlay = place.firstElementChild;
  if (!overlay) return;
  overlay.classList.remove('is-visible');
  await sleep(150);
  overlay.remove();
}

/** Opens a panel with a form. `save` is { label, action }: the panel closes when the action returns true. */
export function openPanel({ title, fields, save }) {
  const footer = h('div', { class: 'hk-slide-panel-footer' },
    asyncButton('hk-button--secondary', {}, 'Cancel', closePanel),
    save && asyncButton('hk-button--primary', { type: 'submit' }, save.label, async () => {
      if (await save.action()) await closePanel();
    }));
  const form = h('form', { onsubmit: (event) => event.preventDefault() },
    h('div', { class: 'hk-slide-panel-content' }, h('div', { class: 'slide-panel-content' }, fields)), footer);
  const container = h('div', {
    class: 'hk-slide-panel-container from-right standard', 'data-test-target': 'slide-panel-container',
  },
  h('div', { class: 'hk-slide-panel-header' },
    h('div', { class: 'hk-slide-panel-header-title', 'data-test-target': 'slide-panel-header-title' }, title),
    h('button', {
      type: 'button', 'data-test-target': 'slide-panel-dismiss', 'aria-label': 'Dismiss slide panel', onclick: closePanel,
    }, '\u00d7')));
  const late = Number(fault('slow-render') ?? 0);
  if (late) setTimeout(() => container.append(form), late);
  else container.append(form);
  const overlay = view('div', { class: 'hk-slide-panel-overlay' }, container);
  place.replaceChildren(overlay);
  requestAnimationFrame(() => requestAnimationFrame(() => overlay.classList.add('is-visible')));
}

/** A field that shows an address which cannot be changed. The label is not tied to it by id, as in the original. */
export function fixedField(id, label, value) {
  return h('div', { class: 'form-row' },
    h('label', { for: id }, label),
    view('input', { class: 'hk-input ember-text-field', type: 'text', placeholder: 'person6@example.test', value, disabled: true }));
}

export function emailField() {
  const input = view('input', { class: 'hk-input ember-text-field', type: 'text', placeholder: 'person6@example.test' });
  return { input, row: h('div', { class: 'form-row' }, h('label', { for: 'e-mail-address' }, 'Email address'), input) };
}

export function roleField(role, disabled) {
  const select = h('select', { class: 'hk-select', 'aria-label': 'Role', disabled },
    ['admin', 'member', 'viewer'].map((name) => h('option', { value: name, selected: name === role }, name)));
  return { select, row: h('div', { class: 'form-row' }, h('label', {}, 'Role'), select) };
}
