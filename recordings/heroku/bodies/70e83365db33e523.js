// The pages that list teams and apps.
import { h, view } from './elements.js';
import { listing } from './listing.js';

export function drawTeams(place, teams) {
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

export function drawApps(place, apps, empty) {
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
