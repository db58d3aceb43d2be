// The messages at the top of the page. They last until the next route or until a modal closes.
import { h, view } from './elements.js';

const verbs = { DELETE: 'removed', POST: 'created', PUT: 'updated', PATCH: 'updated', GET: 'retrieved' };
const flashPlace = document.getElementById('flash-messages');

export function clearFlash() {
  flashPlace.replaceChildren();
}

function show(title, lines, id) {
  const message = view('li', { class: 'flash-message alert alert-danger singularError' },
    h('button', { type: 'button', class: 'flash-message-close', 'aria-label': 'Dismiss', onclick: clearFlash }, '\u00d7'),
    h('span', { class: 'error-title' }, title),
    h('ul', { class: 'error-content' }, lines.map((line) => h('li', {}, line))),
    id && h('span', { class: 'error-id' }, `ID: ${id}`));
  flashPlace.replaceChildren(h('ul', { class: 'list-unstyled' }, message));
}

/** Tells why `subject` ("Item", 'Collaborator "x"') could not be changed or read. */
export function flashError(subject, error) {
  if (!error.status) {
    show('Something went wrong:', ['Please try again.']);
    return;
  }
  const text = error.body?.error ?? error.body?.message ?? error.body?.error_message;
  show(`${subject} could not be ${verbs[error.method]}:`, [text || 'Unknown Error. Please contact support.'],
    error.status >= 500 ? error.requestId : undefined);
}
