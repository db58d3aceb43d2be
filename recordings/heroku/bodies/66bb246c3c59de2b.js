// What the server told this page in its head.

const environment = JSON.parse(decodeURIComponent(
  document.querySelector('meta[name="dashboard/config/environment"]').content));

const { api, identity, client_id: clientId } = environment;

/** The value of a switch that makes the page misbehave; undefined when it is off. */
const fault = (name) => environment.switches[name];

const words = {
  2020: {
    team: 'team',
    subject: 'Team',
    members: 'Team members',
    invite: 'Invite user',
    remove: 'Remove user from this team...',
    removeTitle: 'Remove user',
    removeConfirm: 'Remove user',
    revoke: 'Revoke invitation...',
    revokeTitle: 'Revoke invitation',
    revokeConfirm: 'Revoke invitation',
    deleteHeading: 'Delete Team',
    deleteButton: 'Delete team...',
    deleteTitle: () => 'Delete team',
    deleteConfirm: 'Delete Team',
  },
  2015: {
    team: 'organization',
    subject: 'Org',
    members: 'Organization Members',
    invite: 'Invite User',
    remove: 'Remove user from this org...',
    removeTitle: 'Remove member',
    removeConfirm: 'Remove',
    revoke: 'Cancel invitation...',
    revokeTitle: 'Cancel invitation',
    revokeConfirm: 'Cancel invitation',
    deleteHeading: 'Delete Organization',
    deleteButton: 'Delete org...',
    deleteTitle: (name) => `Delete org (${name})`,
    deleteConfirm: 'Delete Org',
  },
};

const labels = words[environment.labels];

// The OAuth session: a bearer token in localStorage, fetched through id.heroku.com.

const key = 'ember_simple_auth-session';

function token() {
  try {
    return JSON.parse(localStorage.getItem(key))?.authenticated?.access_token;
  } catch {
    return undefined;
  }
}

function forget() {
  localStorage.removeItem(key);
}

/** Leaves for the sign-in pages; the page that was wanted is opened afterwards. */
function logIn(wanted) {
  if (wanted) localStorage.setItem('redirectTo', wanted);
  const state = crypto.randomUUID();
  localStorage.setItem('oauth-state', state);
  const query = new URLSearchParams({ client_id: clientId, response_type: 'code', scope: 'global', state });
  location.assign(`${identity}/oauth/authorize?${query}`);
}

function logOut() {
  forget();
  localStorage.removeItem('redirectTo');
  location.assign(`${identity}/logout`);
}

/** Ends the sign-in: returns the address that was wanted, or nothing when the sign-in failed. */
async function comeBack(query) {
  const expected = localStorage.getItem('oauth-state');
  localStorage.removeItem('oauth-state');
  if (!expected || query.get('state') !== expected) return undefined;
  const answer = await fetch('/auth/heroku/token', {
    method: 'POST',
    body: new URLSearchParams({ code: query.get('code') ?? '' }),
  });
  if (!answer.ok) return undefined;
  localStorage.setItem(key, JSON.stringify({ authenticated: { ...await answer.json(), authenticator: 'authenticator:heroku' } }));
  const wanted = localStorage.getItem('redirectTo') ?? '/';
  localStorage.removeItem('redirectTo');
  return wanted;
}

// Calls to api.heroku.com.

/** An answer that is no success; status 0 is no answer at all. */
class ApiError extends Error {
  constructor(method, status, body, requestId) {
    super(body?.message ?? `status ${status}`);
    Object.assign(this, { method, status, body, requestId });
  }
}

async function call(method, path, { body, range, variant = '' } = {}) {
  const headers = { Accept: `application/vnd.heroku+json; version=3${variant}`, Authorization: `Bearer ${token()}` };
  if (range) headers['X-Range'] = range;
  if (body) headers['Content-Type'] = 'application/json';
  let answer;
  let content;
  try {
    answer = await fetch(`${api}${path}`, { method, headers, body: body && JSON.stringify(body) });
    content = await answer.text();
  } catch {
    throw new ApiError(method, 0);
  }
  let parsed;
  try {
    parsed = JSON.parse(content);
  } catch {
    parsed = undefined;
  }
  if (!answer.ok) throw new ApiError(method, answer.status, parsed, answer.headers.get('Request-Id'));
  return { content: parsed, next: answer.headers.get('Next-Range') };
}

const get = async (path) => (await call('GET', path)).content;
const send = async (method, path, body, variant) => (await call(method, path, { body, variant })).content;

/** A whole list, however many ranges it comes in. */
async function list(path, variant) {
  const all = [];
  let range = 'email ..; max=1000';
  while (range) {
    const { content, next } = await call('GET', path, { range, variant });
    all.push(...content);
    range = next;
  }
  return all;
}

const part = encodeURIComponent;

// Elements as Ember makes them: component roots with the class ember-view and ids that differ at each load.

let next = 100 + Math.floor(Math.random() * 900);

/** An element. Attributes that start with "on" are listeners, `value` and `disabled` are properties. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'disabled' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** The root element of a component. */
function view(tag, attributes = {}, ...children) {
  next += 1 + Math.floor(Math.random() * 3);
  const classes = `${attributes.class ?? ''} ember-view`.trim();
  return h(tag, { id: `ember${next}`, ...attributes, class: classes }, ...children);
}

const shapes = {
  'edit-16': 'M11.5 1.5l3 3L5 14l-4 1 1-4z',
  'delete-16': 'M3 3l10 10M13 3L3 13',
  'app-16': 'M8 1l6 3.5v7L8 15l-6-3.5v-7z',
  'person-16': 'M8 2a3 3 0 110 6 3 3 0 010-6zM2 15c0-4 3-5 6-5s6 1 6 5',
  'team-16': 'M6 3a2.5 2.5 0 110 5 2.5 2.5 0 010-5zM1 14c0-3 2-4.500 5-4.500s5 1.500 5 4.500M11 4a2 2 0 110 4M12 10c2 .3 3 1.500 3 4',
  'settings-16': 'M8 5a3 3 0 110 6 3 3 0 010-6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.500 1.500M11.500 11.500L13 13M13 3l-1.500 1.500M4.500 11.500L3 13',
  'billing-16': 'M1 3h14v10H1zM1 6.500h14',
};

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon malibu-icon');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('data-test-icon-name', name);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', shapes[name] ?? shapes['app-16']);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
const clip = (text) => h('span', { class: 'clip' }, text);

const sleep = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** A button that cannot be pressed twice: it is busy until what it started has ended. */
function asyncButton(classes, attributes, label, action) {
  const button = view('button', { type: 'button', ...attributes, class: `async-button default ${classes}` }, label);
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    button.classList.add('is-pending');
    try {
      await action();
    } finally {
      button.disabled = false;
      button.classList.remove('is-pending');
    }
  });
  return button;
}

/** A round picture made of the first letter of an address. */
function gravatar(email) {
  let hue = 0;
  for (const letter of email) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28" fill="hsl(${hue},38%,62%)"/></svg>`;
  return h('span', { class: 'gravatar-icon' },
    h('img', { alt: email, src: `data:image/svg+xml,${encodeURIComponent(picture)}`, width: 28, height: 28 }));
}

// A table with pages of 25 rows, and a line that says how many there are.

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
function listing(place, { heading, row, empty }) {
  let entries = [];
  let page = 0;

  /** What somebody else does while the list is read. */
  const shift = () => {
    if (fault('list-shifts') === 'leaves') entries = entries.slice(1);
    if (fault('list-shifts') === 'joins') entries = [{ ...entries[0], email: 'person7@example.test' }, ...entries];
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

// The panel that slides in from the right.

const place = document.getElementById('hk-slide-panels');

async function closePanel() {
  const overlay = place.firstElementChild;
  if (!overlay) return;
  overlay.classList.remove('is-visible');
  await sleep(150);
  overlay.remove();
}

/** Opens a panel with a form. `save` is { label, action }: the panel closes when the action returns true. */
function openPanel({ title, fields, save }) {
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
function fixedField(id, label, value) {
  return h('div', { class: 'form-row' },
    h('label', { for: id }, label),
    view('input', { class: 'hk-input ember-text-field', type: 'text', placeholder: 'person9@example.test', value, disabled: true }));
}

function emailField() {
  const input = view('input', { class: 'hk-input ember-text-field', type: 'text', placeholder: 'person9@example.test' });
  return { input, row: h('div', { class: 'form-row' }, h('label', { for: 'e-mail-address' }, 'Email address'), input) };
}

function roleField(role, disabled) {
  const select = h('select', { class: 'hk-select', 'aria-label': 'Role', disabled },
    ['admin', 'member', 'viewer'].map((name) => h('option', { value: name, selected: name === role }, name)));
  return { select, row: h('div', { class: 'form-row' }, h('label', {}, 'Role'), select) };
}

// The Access page of one app.

const loadCollaborators = (app) => list(`/apps/${part(app.name)}/collaborators`);

function drawAppAccess(place, { app, admin, email, collaborators }) {
  let rows = collaborators.map((each) => ({ email: each.user.email, name: each.user.name, role: each.role }));
  const table = view('div', { class: 'collaborator-list limit-width' });
  const path = `/apps/${part(app.name)}/collaborators`;
  const another = (row) => rows.find((each) => each.email !== row.email && each.role !== 'owner') ?? row;

  const add = () => {
    const field = emailField();
    openPanel({
      title: 'New collaborator',
      fields: [field.row],
      save: {
        label: 'Save changes',
        action: () => attempt(`Collaborator "${field.input.value}"`, async () => {
          await send('POST', path, { user: field.input.value.trim() });
          rows = [...rows, { email: field.input.value.trim(), role: 'collaborator' }];
          draw(rows);
        }),
      },
    });
  };

  const edit = (row) => {
    const sent = fault('wrong-request') ? another(row) : row;
    openPanel({
      title: 'Edit collaborator',
      fields: [
        fixedField('e-mail-address', 'Email address', (fault('wrong-modal') ? another(row) : row).email),
        asyncButton('w-100 hk-button--danger', { type: 'submit' }, 'Delete Collaborator', () => attempt(`Collaborator "${row.email}"`, async () => {
          await send('DELETE', `${path}/${part(sent.email)}`);
          rows = rows.filter((each) => each !== row);
          draw(rows);
          await closePanel();
        })),
      ],
      save: { label: 'Save changes', action: () => true },
    });
  };

  const draw = listing(table, {
    heading: [
      h('th', { colspan: 2 }, 'Collaborators'), h('th', {}, 'Role'),
      h('th', { class: 'actions' }, admin && h('button', { type: 'button', class: 'hk-button--secondary', onclick: add }, 'Add collaborator')),
    ],
    row: (row) => view('tr', { class: 'collaborator-item' },
      h('td', { class: 'picture' }, gravatar(row.email)),
      h('td', { class: 'org-member-details' },
        h('span', { class: 'member-email' }, row.email), row.name && h('span', { class: 'member-name' }, row.name)),
      h('td', { class: 'member-role' }, row.role),
      h('td', { class: 'actions' }, row.role !== 'owner' && (admin || row.email === email) && h('button', {
        type: 'button', title: 'Edit', class: 'action-button', onclick: () => edit(row),
      }, clip('Edit'), icon('edit-16')))),
    empty: 'No collaborators.',
  });
  place.replaceChildren(table);
  draw(rows);
}

// The messages at the top of the page. They last until the next route or until a modal closes.

const verbs = { DELETE: 'removed', POST: 'created', PUT: 'updated', PATCH: 'updated', GET: 'retrieved' };
const flashPlace = document.getElementById('flash-messages');

function clearFlash() {
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
function flashError(subject, error) {
  if (!error.status) {
    show('Something went wrong:', ['Please try again.']);
    return;
  }
  const text = error.body?.error ?? error.body?.message ?? error.body?.error_message;
  show(`${subject} could not be ${verbs[error.method]}:`, [text || 'Unknown Error. Please contact support.'],
    error.status >= 500 ? error.requestId : undefined);
}

// The pages that list teams and apps.

function drawTeams(place, teams) {
  const table = view('div', { class: 'team-list' });
  place.replaceChildren(table);
  const draw = listing(table, {
    heading: [h('th', {}, 'Team'), h('th', {}, 'Enterprise account'), h('th', {}, 'Your role')],
    row: (team) => view('tr', { class: 'team-list-item' },
      h('td', {}, h('a', { class: 'team-name', href: `/teams/${team.name}` }, team.name)),
      h('td', { class: 'team-account' }, team.enterprise_account?.name ?? ''),
      h('td', { class: 'team-role' }, team.role)),
    empty: 'You are in no team.',
  });
  draw(teams);
}

function drawApps(place, apps, empty) {
  if (apps.length === 0 && empty) {
    place.replaceChildren(h('div', { class: 'welcome' }, h('h2', {}, empty), h('p', {}, 'There are no apps here yet.')));
    return;
  }
  const table = view('div', { class: 'apps-list' });
  place.replaceChildren(table);
  const draw = listing(table, {
    heading: [h('th', {}, 'App'), h('th', {}, 'Owner')],
    row: (app) => view('tr', { class: 'apps-list-item' },
      h('td', {}, h('a', { class: 'app-name', href: `/apps/${app.name}` }, app.name)),
      h('td', {}, app.team?.name ?? app.owner.email)),
    empty: 'No apps.',
  });
  draw(apps);
}

// Modals: #modal-overlays holds nothing until one opens.

const modalPlace = document.getElementById('modal-overlays');

async function closeModal() {
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
function openModal({ title, body, confirm, footer }) {
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

function sessionExpired() {
  openModal({
    title: 'Your session has expired',
    body: [
      h('p', {}, 'Your current session has expired or become inactive and has been terminated.'),
      h('p', {}, 'Please log in again to continue using Dashboard.'),
    ],
    footer: h('a', { class: 'btn hk-button--primary', href: '/login' }, 'Reauthenticate'),
  });
}

// What is around every page: the bar at the top, the context switcher, the tabs, the banners.

const main = document.querySelector('main');

function accountMenu(email) {
  const menu = h('ul', { class: 'glostick__menu', id: 'glostick__menu--account' },
    h('li', { class: 'glostick__menu__email' }, email),
    h('li', {}, h('a', { class: 'glostick__menu__item', href: '/account' }, 'Account settings')),
    h('li', {}, h('a', { class: 'glostick__menu__item', href: '/notifications' }, 'Notifications')),
    h('li', {}, h('a', { class: 'glostick__menu__item glostick__menu__item--signout', href: '/logout' }, 'Sign out')));
  const toggle = h('a', { class: 'glostick__menu-icon--account', href: '#account', 'aria-label': 'Account menu' }, icon('person-16'));
  toggle.addEventListener('click', (event) => {
    event.preventDefault();
    event.stopPropagation();
    menu.classList.toggle('glostick__menu--open');
  });
  return view('nav', { class: 'glostick' },
    h('a', { class: 'glostick__logo', href: '/', 'aria-label': 'Dashboard home' }), toggle, menu);
}

function switcherLink(name, href, current) {
  return view('div', { class: 'context-switcher-link' },
    h('a', { class: `context-switcher__list__item${name === current ? ' active' : ''}`, href }, name));
}

/** Personal, the teams of their own, and each enterprise account with its teams beneath. */
function contextSwitcher(teams, current) {
  const links = [switcherLink('Personal', '/apps', current)];
  const accounts = [...new Set(teams.map((team) => team.enterprise_account?.name ?? ''))].sort();
  for (const account of accounts) {
    if (account) links.push(h('div', { class: 'context-switcher__group' }, account));
    for (const team of teams.filter((each) => (each.enterprise_account?.name ?? '') === account)) {
      links.push(switcherLink(team.name, `/teams/${team.name}`, current));
    }
  }
  const list = h('div', { class: 'context-switcher__list' }, links, h('a', { class: 'context-switcher__all', href: '/teams' }, 'All teams'));
  list.hidden = true;
  const toggle = h('button', { type: 'button', class: 'context-toggle', 'aria-expanded': 'false' }, icon('team-16'), current);
  toggle.addEventListener('click', () => {
    list.hidden = !list.hidden;
    toggle.setAttribute('aria-expanded', String(!list.hidden));
  });
  return view('div', { class: 'context-switcher' }, toggle, list);
}

function tabs(items, active) {
  return h('nav', { class: 'nav nav-tabs sub-nav' }, h('div', { class: 'limit-width' },
    items.map(([name, href, picture]) => h('div', { class: 'sub-nav-item' },
      h('a', { href, class: name === active ? 'active' : '' }, icon(picture), h('span', { class: 'sub-nav-item-name' }, name))))));
}

function banners() {
  return [
    fault('offline-banner') && h('div', { class: 'offline-status' }, "There's a problem connecting... ", h('a', { href: '' }, 'Refresh')),
    fault('github-warning') && h('div', { class: 'page-warning' }, 'Your account has lost access to your connected GitHub account'),
  ];
}

/** A translucent sheet over everything, for a while or for good. */
function cover() {
  if (fault('cover') === undefined || document.querySelector('.loading-cover')) return;
  const sheet = h('section', { class: 'loading-cover' });
  document.body.append(sheet);
  if (Number(fault('cover'))) setTimeout(() => sheet.remove(), Number(fault('cover')));
}

function demandTwoFactor() {
  if (!fault('two-factor-catch-all')) return;
  document.body.classList.add('two-factor-catch-all-is-open');
  document.body.append(h('section', { class: 'two-factor-catch-all' },
    h('h2', {}, 'Enable two-factor authentication'),
    h('p', {}, 'Your team requires two-factor authentication. Set it up to continue.')));
}

/** Draws the frame and returns the element that takes the page. */
function frame({ email, teams, context, crumbs = [], items = [], active }) {
  const content = view('div', { class: 'content limit-width' });
  main.replaceChildren(
    h('div', { class: 'top-bar' }, accountMenu(email)),
    h('div', { class: 'main-panel' },
      banners(),
      h('div', { class: 'top-nav' }, h('div', { class: 'limit-width' },
        contextSwitcher(teams, context),
        h('nav', { class: 'crumb-trail' }, crumbs.map(([name, href]) => h('a', { href }, name))))),
      h('div', { class: 'main-content' }, items.length > 0 && tabs(items, active), content)));
  cover();
  if (!document.querySelector('.two-factor-catch-all')) demandTwoFactor();
  return content;
}

function loading() {
  if (!main.firstChild) main.append(h('div', { class: 'loading', 'aria-hidden': 'true' }));
}

function bare(title, text, ...more) {
  main.replaceChildren(view('div', { class: 'bare' }, h('h1', {}, title), h('p', {}, text), more));
}

// The Access page of a team: its members with the invitations that are open, and who has access to single apps.

const invitationVariant = '.team-invitations';
const byEmail = (a, b) => a.email.toLowerCase().localeCompare(b.email.toLowerCase(), 'en');

/** Members, invitations and collaborators of a team, as rows. */
async function loadAccess(team) {
  const path = `/teams/${part(team.name)}`;
  const [members, invitations, permissions] = await Promise.all([
    list(`${path}/members`),
    team.type === 'team' ? list(`${path}/invitations`, invitationVariant) : [],
    list(`${path}/permissions`),
  ]);
  const people = [
    ...members.map((each) => ({
      kind: 'member', email: each.email, name: each.user.name, role: each.role,
      federated: each.federated, twoFactor: each.two_factor_authentication,
    })),
    ...invitations.map((each) => ({
      kind: 'invitation', email: each.user.email, name: each.user.name, role: each.role,
    })),
  ].sort(byEmail);
  const insiders = new Set(members.map((each) => each.email.toLowerCase()));
  const collaborators = permissions.flatMap((app) => app.users
    .filter((user) => !insiders.has(user.email.toLowerCase()))
    .map((user) => ({ kind: 'collaborator', email: user.email, app: app.name, role: 'collaborator' })))
    .sort((a, b) => byEmail(a, b) || a.app.localeCompare(b.app));
  if (fault('capital-twin')) {
    return { people: people.flatMap((each) => [each, { ...each, email: each.email.toUpperCase() }]), collaborators };
  }
  return { people: fault('duplicate-row') ? people.flatMap((each) => [each, { ...each }]) : people, collaborators };
}

/** Somebody else of the same list, for the switches that mix people up. */
const another = (rows, row) => rows.find((each) => each.email !== row.email && each.kind === row.kind) ?? row;

function statusCell(row) {
  const marks = [];
  if (row.kind === 'invitation') marks.push(h('span', { class: 'hk-badge hk-badge--pending' }, 'Pending'));
  if (row.federated) marks.push(h('span', { class: 'hk-badge member-auth-message' }, 'SSO'));
  if (row.kind === 'member' && !row.twoFactor) marks.push(h('span', { class: 'hk-badge hk-badge--warning member-tfa' }, '2FA not enabled'));
  return h('td', { class: 'member-status' }, marks);
}

const editButton = (action) => h('button', { type: 'button', title: 'Edit', class: 'action-button', onclick: action }, clip('Edit'), icon('edit-16'));

/** Asks once more and then removes a member or revokes an invitation. */
function confirmRemoval({ team, row, rows, gone }) {
  const pending = row.kind === 'invitation';
  const named = fault('wrong-modal') ? another(rows, row) : row;
  const sent = fault('wrong-request') ? another(rows, row) : row;
  const what = pending ? 'invitations' : 'members';
  openModal({
    title: pending ? labels.revokeTitle : labels.removeTitle,
    body: h('p', {},
      pending ? 'This will revoke the invitation of ' : 'This will remove ',
      h('strong', {}, named.email), pending ? ' to ' : ' from ', h('strong', {}, team.name),
      pending ? '.' : ' and all of its apps.'),
    confirm: {
      label: pending ? labels.revokeConfirm : labels.removeConfirm,
      danger: true,
      action: () => attempt('Item', async () => {
        await send('DELETE', `/teams/${part(team.name)}/${what}/${part(sent.email)}`, undefined, pending ? invitationVariant : '');
        closePanel();
        gone(row);
      }),
    },
  });
}

function editPerson(context, row) {
  const { team, admin } = context;
  const pending = row.kind === 'invitation';
  const role = roleField(row.role, pending || !admin);
  openPanel({
    title: 'Edit user',
    fields: [
      fixedField('e-mail-address', 'Email address', row.email),
      role.row,
      view('button', {
        type: 'button', class: 'w-100 hk-button--danger', onclick: () => confirmRemoval({ ...context, row }),
      }, pending ? labels.revoke : labels.remove),
    ],
    save: {
      label: 'Save changes',
      action: () => (role.select.disabled ? true : attempt('Item', async () => {
        await send('PATCH', `/teams/${part(team.name)}/members`, { email: row.email, role: role.select.value });
        row.role = role.select.value;
        context.redraw();
      })),
    },
  });
}

/** "Delete Collaborator" asks nothing: it acts at once. */
function editCollaborator(context, row) {
  const { rows, gone } = context;
  const named = fault('wrong-modal') ? another(rows, row) : row;
  const sent = fault('wrong-request') ? another(rows, row) : row;
  openPanel({
    title: 'Edit collaborator',
    fields: [
      fixedField('e-mail-address', 'Email address', named.email),
      fixedField('app-name', 'App', named.app),
      asyncButton('w-100 hk-button--danger', { type: 'submit' }, 'Delete Collaborator', () => attempt(`Collaborator "${row.email}"`, async () => {
        await send('DELETE', `/apps/${part(sent.app)}/collaborators/${part(sent.email)}`);
        gone(row);
        await closePanel();
      })),
    ],
    save: { label: 'Save changes', action: () => true },
  });
}

function invite({ team, added }) {
  const email = emailField();
  const role = roleField('member', false);
  const enterprise = team.type !== 'team';
  openPanel({
    title: labels.invite,
    fields: [email.row, role.row],
    save: {
      label: labels.invite,
      action: () => attempt('Item', async () => {
        const person = { email: email.input.value.trim(), role: role.select.value };
        await send('PUT', `/teams/${part(team.name)}/${enterprise ? 'members' : 'invitations'}`, person, enterprise ? '' : invitationVariant);
        added({ kind: enterprise ? 'member' : 'invitation', twoFactor: true, ...person });
      }),
    },
  });
}

function drawTeamAccess(place, { team, email, access }) {
  const admin = team.role === 'admin';
  let { people, collaborators } = access;
  let filter = new URLSearchParams(location.search).get('filter') ?? '';
  const matching = (rows) => rows.filter((row) => row.email.toLowerCase().includes(filter.toLowerCase().trim()));
  const memberPlace = view('div', { class: 'org-members-list' });
  const collaboratorPlace = view('div', { class: 'org-collaborators-list' });
  const mayEdit = (row) => admin || (row.kind === 'member' && row.email.toLowerCase() === email.toLowerCase());

  const drawPeople = listing(memberPlace, {
    heading: [
      h('th', { colspan: 2 }, labels.members), h('th', {}, 'Role'), h('th', {}, 'Status'),
      h('th', { class: 'actions' }, admin && h('button', {
        type: 'button', class: 'hk-button--secondary',
        onclick: () => invite({ team, added: (row) => { people = [...people, row].sort(byEmail); redraw(); } }),
      }, labels.invite)),
    ],
    row: (row) => view('tr', { class: 'team-member-item' },
      h('td', { class: 'picture' }, gravatar(row.email)),
      h('td', { class: 'org-member-details' },
        h('span', { class: 'member-email' }, row.email), row.name && h('span', { class: 'member-name' }, row.name)),
      h('td', { class: 'member-role' }, row.role),
      statusCell(row),
      h('td', { class: 'actions' }, mayEdit(row) && editButton(() => editPerson(
        { team, admin, rows: people, redraw, gone: goneFrom }, row)))),
    empty: filter ? 'Nobody here matches the filter.' : 'Nobody here yet.',
  });
  const drawCollaborators = listing(collaboratorPlace, {
    heading: [h('th', { colspan: 2 }, 'Collaborators'), h('th', {}, 'App'), h('th', {}, 'Role'), h('th', { class: 'actions' })],
    row: (row) => view('tr', { class: 'collaborator-item' },
      h('td', { class: 'picture' }, gravatar(row.email)),
      h('td', { class: 'org-member-details' }, h('span', { class: 'member-email' }, row.email)),
      h('td', { class: 'member-access' }, h('a', { href: `/apps/${row.app}/access` }, row.app)),
      h('td', { class: 'member-role' }, row.role),
      h('td', { class: 'actions' }, admin && editButton(() => editCollaborator({ rows: collaborators, gone: goneFrom }, row)))),
    empty: 'Nobody has access to single apps only.',
  });

  function redraw(fromStart = false) {
    drawPeople(matching(people), fromStart);
    drawCollaborators(matching(collaborators), fromStart);
  }
  function goneFrom(row) {
    people = people.filter((each) => each !== row);
    collaborators = collaborators.filter((each) => each !== row);
    redraw();
    if (row.kind === 'member' && row.email.toLowerCase() === email.toLowerCase()) {
      visit('/');
    }
  }

  const box = view('input', {
    class: 'hk-input ember-text-field filter', type: 'search', placeholder: 'Filter by email', 'aria-label': 'Filter by email', value: filter,
  });
  box.addEventListener('input', () => {
    filter = box.value;
    const query = filter ? `?filter=${encodeURIComponent(filter)}` : '';
    history.replaceState(null, '', location.pathname + query);
    redraw(true);
  });
  place.replaceChildren(h('div', { class: 'filter-bar' }, box), memberPlace, collaboratorPlace);
  redraw(true);
}

// The Settings page of a team, with its end.

function confirmDeletion(team) {
  const input = view('input', { class: 'hk-input', type: 'text', autocomplete: 'off' });
  openModal({
    title: labels.deleteTitle(team.name),
    body: [
      h('p', {}, `Deleting your ${labels.team} is irreversible. Enter "${team.name}" to confirm you want to permanently delete this ${labels.team}:`),
      // A block of its own, so that the field is div[2]/div/div/input from the modal's box as in the original.
      h('div', {}, input),
    ],
    confirm: {
      label: labels.deleteConfirm,
      danger: true,
      // Anything but the exact name does nothing, and says nothing.
      action: () => input.value === team.name && attempt(`${labels.subject} "${team.name}"`, async () => {
        await send('DELETE', `/teams/${part(team.name)}`);
        visit('/');
      }),
    },
  });
}

function deletion(team) {
  if (team.role !== 'admin') return h('p', {}, `Only an admin of this ${labels.team} can delete it.`);
  if (team.provisioned_licenses) {
    return h('p', {}, `This is a package ${labels.team}. Please contact support to have this ${labels.team} deleted.`);
  }
  return [
    h('p', {}, `Deleting your ${labels.team} is irreversible.`),
    view('span', { class: 'confirmable-action' },
      h('button', { type: 'button', class: 'hk-button--danger delete-team', onclick: () => confirmDeletion(team) }, labels.deleteButton)),
  ];
}

function drawTeamSettings(place, { team }) {
  const facts = [['Name', team.name], ['Type', team.type], ['Your role', team.role],
    ['Enterprise account', team.enterprise_account?.name ?? 'None']];
  place.replaceChildren(h('ul', { class: 'list-group' },
    h('li', { class: 'list-group-item' }, h('div', { class: 'panel-section' },
      h('h3', {}, `${labels.subject} information`),
      h('dl', {}, facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])))),
    h('li', { class: 'list-group-item' }, h('div', { class: 'panel-section danger team-deletion' },
      h('h3', {}, labels.deleteHeading), deletion(team)))));
}

// From addresses to pages, and what happens when a page or an action fails.

let visitNumber = 0;

const here = () => location.pathname + location.search;
const payBalance = '/account/billing/pay-balance';

function visit(address) {
  history.pushState(null, '', address);
  route();
}

/** Runs an action of the page. True when it is done; otherwise the page says why, and it is false. */
async function attempt(subject, action) {
  try {
    await action();
    return true;
  } catch (error) {
    if (error.status === undefined) throw error;
    if (error.status === 401) sessionExpired();
    else if (error.status === 402) visit(payBalance);
    else flashError(subject, error);
    return false;
  }
}

function notFound() {
  document.title = 'Page not found | Heroku';
  bare('Page not found', "There's nothing here, or you don't have access to it.", h('a', { href: '/apps' }, 'Go to your apps'));
}

const teamTabs = (team) => [
  ['Apps', `/teams/${team.name}/apps`, 'app-16'],
  ['Access', `/teams/${team.name}/access`, 'team-16'],
  team.provisioned_licenses ? ['Usage', `/teams/${team.name}/usage`, 'billing-16'] : ['Billing', `/teams/${team.name}/billing`, 'billing-16'],
  ['Settings', `/teams/${team.name}/settings`, 'settings-16'],
];

const appTabs = (app) => [
  ['Overview', `/apps/${app.name}`, 'app-16'],
  ['Access', `/apps/${app.name}/access`, 'team-16'],
];

async function teamPage(shared, [name, tab = 'apps']) {
  const team = await get(`/teams/${part(name)}`);
  const path = `/teams/${part(team.name)}`;
  const tabs = teamTabs(team);
  const active = tabs.find(([, href]) => href.endsWith(`/${tab}`))?.[0];
  if (!active) return notFound;
  const content = tab === 'access' ? await loadAccess(team) : tab === 'apps' ? await list(`${path}/apps`) : undefined;
  return () => {
    document.title = team.name;
    const place = frame({ ...shared, context: team.name, crumbs: [[team.name, `/teams/${team.name}`]], items: tabs, active });
    if (tab === 'access') return late(place, () => drawTeamAccess(place, { team, email: shared.email, access: content }));
    if (tab === 'apps') return drawApps(place, content);
    if (tab === 'settings') return drawTeamSettings(place, { team });
    return place.append(h('p', {}, 'There is no balance due.'));
  };
}

async function appPage(shared, [name, tab = 'overview']) {
  const app = await get(`/apps/${part(name)}`);
  const collaborators = tab === 'access' ? await loadCollaborators(app) : [];
  const role = shared.teams.find((team) => team.name === app.team?.name)?.role;
  const admin = role === 'admin' || app.owner.email === shared.email;
  return () => {
    document.title = `${app.name} | Heroku`;
    const crumbs = [[app.team?.name ?? 'Personal', app.team ? `/teams/${app.team.name}` : '/apps'], [app.name, `/apps/${app.name}`]];
    const place = frame({
      ...shared, context: app.team?.name ?? 'Personal', crumbs, items: appTabs(app), active: tab === 'access' ? 'Access' : 'Overview',
    });
    if (tab === 'access') return late(place, () => drawAppAccess(place, { app, admin, email: shared.email, collaborators }));
    return place.append(h('p', {}, `${app.name} belongs to ${app.team?.name ?? app.owner.email}.`));
  };
}

async function appsPage(shared) {
  const apps = (await list('/apps')).filter((app) => !app.team);
  return () => {
    document.title = 'Personal apps | Heroku';
    drawApps(frame({ ...shared, context: 'Personal', crumbs: [['Personal', '/apps']] }), apps, 'Welcome to Heroku');
  };
}

function textPage(title, text) {
  return (shared) => () => {
    document.title = `${title} | Heroku`;
    frame({ ...shared, context: 'Personal', crumbs: [[title, here()]] }).append(h('h2', {}, title), h('p', {}, text(shared)));
  };
}

function teamsPage(shared) {
  return () => {
    document.title = 'Teams | Heroku';
    const place = frame({ ...shared, context: 'Personal', crumbs: [['Teams', '/teams']] });
    return late(place, () => drawTeams(place, shared.teams));
  };
}

/** Draws at once, or as late as the switch wants it. */
async function late(place, draw) {
  const wait = Number(fault('slow-render') ?? 0);
  if (wait) {
    place.replaceChildren(h('div', { class: 'loading', 'aria-hidden': 'true' }));
    await sleep(wait);
    if (!place.isConnected) return;
  }
  draw();
}

/** The page of an address, or nothing. */
function pageOf([first, ...rest]) {
  if (first === 'apps' && rest.length === 0) return appsPage;
  if (first === 'apps' && rest.length <= 2) return (shared) => appPage(shared, rest);
  if (first === 'teams' && rest.length === 0) return teamsPage;
  if (first === 'teams' && rest.length <= 2) return (shared) => teamPage(shared, rest);
  if (first === 'notifications') return textPage('Notifications', () => 'You have no notifications.');
  if (first === 'account' && rest.join('/') === 'billing/pay-balance') {
    return textPage('Pay balance', () => 'Your account has a balance due. Pay it to continue using your apps.');
  }
  if (first === 'account' && rest[0] === 'billing') return textPage('Billing', () => 'There is no balance due.');
  if (first === 'account') return textPage('Account settings', ({ email }) => `Signed in as ${email}.`);
  return undefined;
}

function failed(error) {
  if (error.status === 401) {
    forget();
    logIn(here());
  } else if (error.status === 402) {
    visit(payBalance);
  } else if (error.status === 403 || error.status === 404) {
    notFound();
  } else if (error.status === undefined) {
    throw error;
  } else {
    document.title = 'Heroku';
    bare('Something went wrong', error.status ? 'This page could not be loaded.' : '',
      !error.status && h('div', { class: 'offline-status' }, "There's a problem connecting... ", h('a', { href: here() }, 'Refresh')));
    flashError('Item', error);
  }
}

async function open(parts) {
  visitNumber += 1;
  const number = visitNumber;
  const page = pageOf(parts);
  if (!page) return notFound();
  loading();
  try {
    const billing = parts[0] === 'account';
    const [account, teams] = await Promise.all([get('/account'), billing ? [] : list('/teams')]);
    const draw = await page({ email: account.email, teams });
    if (number === visitNumber) await draw();
  } catch (error) {
    if (number === visitNumber) failed(error);
  }
  return undefined;
}

async function route() {
  clearFlash();
  document.getElementById('hk-slide-panels').replaceChildren();
  document.getElementById('modal-overlays').replaceChildren();
  const parts = location.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const path = parts.join('/');
  if (path === 'login') return logIn();
  if (path === 'logout') return logOut();
  if (path === 'auth/heroku/callback') {
    const wanted = await comeBack(new URLSearchParams(location.search));
    if (!wanted) return bare('Something went wrong', 'You could not be logged in.', h('a', { href: '/login' }, 'Log in'));
    history.replaceState(null, '', wanted);
    return route();
  }
  if (!token()) return logIn(here());
  if (parts.length === 0 || parts[0] === 'orgs') {
    const [, ...rest] = parts;
    history.replaceState(null, '', parts.length === 0 ? '/apps' : `/${['teams', ...rest].join('/')}${location.search}`);
    return route();
  }
  return open(parts);
}

// The dashboard: one page for every address, as an Ember application is.

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || link.getAttribute('href').startsWith('#')) return;
  if (link.getAttribute('href') === '') return; // "Refresh" loads the page anew
  event.preventDefault();
  visit(address.pathname + address.search);
});

document.addEventListener('click', () => {
  document.querySelector('.glostick__menu--open')?.classList.remove('glostick__menu--open');
});

window.addEventListener('popstate', route);
window.addEventListener('offline', () => document.body.classList.add('is-offline'));
window.addEventListener('online', () => document.body.classList.remove('is-offline'));
route();

