// A table with pages of 25 rows, and a line that says how many there are.
import { fault } from './config.js';
import { h } from './elements.js';

const rowsPerPage = 25;

/** Turns the rows round once, when the pointer comes to a button of the list. */
function resortOnHover(body) {
  let turned = false;
  body.addEventListener('mouseover', (event) => {
    if (turned || !event.target.closest('button')) return;
    turned = true;
    body.append(...[...body.children].reverse());
  });
}

function keepMoving(element, milliseconds) {
  const start = performance.now();
  const step = (now) => {
    const running = now - start < milliseconds;
    element.style.marginTop = running ? `${Math.round(60 + 60 * Math.sin((now - start) / 90))}px` : '';
    if (running) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

/**
 * Draws a list into `place`. `heading` is the row of th elements, `row` makes the tr of an entry, `empty` is said
 * when there is none. Returns a function that draws it again with other entries, from the first page or not.
 */
export function listing(place, { heading, row, empty }) {
  let entries = [];
  let page = 0;

  /** What somebody else does while the list is read. */
  const shift = () => {
    if (fault('list-shifts') === 'leaves') entries = entries.slice(1);
    if (fault('list-shifts') === 'joins') entries = [{ ...entries[0], email: 'just.joined@example.com' }, ...entries];
  };

  const draw = () => {
    const pages = Math.max(1, Math.ceil(entries.length / rowsPerPage));
    page = Math.min(page, pages - 1);
    const shown = entries.slice(page * rowsPerPage, (page + 1) * rowsPerPage);
    const body = h('tbody', {}, shown.map(row));
    if (shown.length === 0) body.append(h('tr', { class: 'empty' }, h('td', { colspan: heading.length + 1 }, empty)));
    if (fault('resort')) resortOnHover(body);
    const total = entries.length + (fault('total-lies') ? 1 : 0);
    const first = shown.length === 0 ? 0 : page * rowsPerPage + 1;
    const count = entries.length === 0 && total === 0 ? '0 of 0' : `${first}-${page * rowsPerPage + shown.length} of ${total}`;
    const turn = (by) => () => {
      if (page === 0 && by > 0) shift();
      page += by;
      draw();
    };
    const table = h('table', { class: 'w-100 mb5' }, h('thead', {}, h('tr', {}, heading)), body);
    place.replaceChildren(table, h('div', { class: 'pagination' },
      pages > 1 && h('button', { type: 'button', class: 'hk-button--secondary', disabled: page === 0, onclick: turn(-1) }, 'Previous page'),
      h('span', { class: 'pagination-count' }, count),
      pages > 1 && h('button', { type: 'button', class: 'hk-button--secondary', disabled: page === pages - 1, onclick: turn(1) }, 'Next page')));
    if (fault('row-moves')) keepMoving(table, Number(fault('row-moves')));
  };

  return (next, fromStart = false) => {
    entries = next;
    if (fromStart) page = 0;
    draw();
  };
}
