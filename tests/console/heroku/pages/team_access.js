// The Access page of a team: its members with the invitations that are open, and who has access to single apps.
import { list, part, send } from './api.js';
import { fault, labels } from './config.js';
import { asyncButton, clip, gravatar, h, icon, view } from './elements.js';
import { listing } from './listing.js';
import { openModal } from './modal.js';
import { closePanel, emailField, fixedField, openPanel, roleField } from './panel.js';
import { attempt, visit } from './router.js';

const invitationVariant = '.team-invitations';
const byEmail = (a, b) => a.email.toLowerCase().localeCompare(b.email.toLowerCase(), 'en');

/** Members, invitations and collaborators of a team, as rows. */
export async function loadAccess(team) {
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

export function drawTeamAccess(place, { team, email, access }) {
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
