// From addresses to pages, and what happens when a page or an action fails.
import { get, list, part } from './api.js';
import { drawAppAccess, loadCollaborators } from './app_access.js';
import { fault } from './config.js';
import { h, sleep } from './elements.js';
import { clearFlash, flashError } from './flash.js';
import { drawApps, drawTeams } from './lists.js';
import { sessionExpired } from './modal.js';
import { comeBack, forget, logIn, logOut, token } from './session.js';
import { bare, frame, loading } from './shell.js';
import { drawTeamAccess, loadAccess } from './team_access.js';
import { drawTeamSettings } from './team_settings.js';

let visitNumber = 0;

const here = () => location.pathname + location.search;
const payBalance = '/account/billing/pay-balance';

export function visit(address) {
  history.pushState(null, '', address);
  route();
}

/** Runs an action of the page. True when it is done; otherwise the page says why, and it is false. */
export async function attempt(subject, action) {
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

export async function route() {
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
