// What is around every page: the bar at the top, the context switcher, the tabs, the banners.
import { fault } from './config.js';
import { h, icon, view } from './elements.js';

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
export function frame({ email, teams, context, crumbs = [], items = [], active }) {
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

export function loading() {
  if (!main.firstChild) main.append(h('div', { class: 'loading', 'aria-hidden': 'true' }));
}

export function bare(title, text, ...more) {
  main.replaceChildren(view('div', { class: 'bare' }, h('h1', {}, title), h('p', {}, text), more));
}
