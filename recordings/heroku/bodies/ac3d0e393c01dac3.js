// The Access page of one app.
import { list, part, send } from './api.js';
import { fault } from './config.js';
import { asyncButton, clip, gravatar, h, icon, view } from './elements.js';
import { listing } from './listing.js';
import { closePanel, emailField, fixedField, openPanel } from './panel.js';
import { attempt } from './router.js';

export const loadCollaborators = (app) => list(`/apps/${part(app.name)}/collaborators`);

export function drawAppAccess(place, { app, admin, email, collaborators }) {
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
