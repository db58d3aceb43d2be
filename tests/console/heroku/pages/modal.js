// Modals: #modal-overlays holds nothing until one opens.
import { fault } from './config.js';
import { h, sleep, view, asyncButton } from './elements.js';
import { clearFlash } from './flash.js';

const modalPlace = document.getElementById('modal-overlays');

export async function closeModal() {
  if (!modalPlace.firstChild) return;
  for (const element of modalPlace.children) element.classList.add('is-closing');
  await sleep(100);
  modalPlace.replaceChildren();
  clearFlash();
}

/**
 * Opens a modal. `confirm` is { label, danger, action }: the modal closes when the action returns true and
 * stays otherwise. Without it there is no way out but what stands in the body.
 */
export function openModal({ title, body, confirm, footer }) {
  const content = h('div', { class: 'modal-content' }, h('div', { class: 'modal-body' }, body));
  const bar = h('div', { class: 'modal-footer flex justify-end' }, footer);
  if (confirm) {
    bar.append(
      view('button', { type: 'button', class: 'btn btn-default hk-button--secondary', onclick: closeModal }, 'Cancel'),
      asyncButton(confirm.danger ? 'hk-button--danger-primary' : 'hk-button--primary', {}, confirm.label, async () => {
        if (await confirm.action()) await closeModal();
      }));
  }
  const box = h('div', { class: 'modal-box' },
    h('div', { class: 'modal-header' },
      h('h4', { class: 'modal-title fw5' }, title),
      confirm && h('button', { type: 'button', class: 'close', title: 'Close modal', onclick: closeModal }, '\u00d7')),
    content, bar);
  const late = Number(fault('slow-render') ?? 0);
  if (late) {
    content.remove();
    bar.remove();
    setTimeout(() => box.append(content, bar), late);
  }
  modalPlace.replaceChildren(
    view('div', { class: 'ember-modal-overlay modal-overlay translucent' },
      view('div', { class: 'ember-modal-dialog' }, box)),
    h('div', { class: 'modal-backdrop' }));
  content.querySelector('input')?.focus();
}

export function sessionExpired() {
  openModal({
    title: 'Your session has expired',
    body: [
      h('p', {}, 'Your current session has expired or become inactive and has been terminated.'),
      h('p', {}, 'Please log in again to continue using Dashboard.'),
    ],
    footer: h('a', { class: 'btn hk-button--primary', href: '/login' }, 'Reauthenticate'),
  });
}
