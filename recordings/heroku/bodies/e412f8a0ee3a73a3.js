// The Settings page of a team, with its end.
import { part, send } from './api.js';
import { labels } from './config.js';
import { h, view } from './elements.js';
import { openModal } from './modal.js';
import { attempt, visit } from './router.js';

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

export function drawTeamSettings(place, { team }) {
  const facts = [['Name', team.name], ['Type', team.type], ['Your role', team.role],
    ['Enterprise account', team.enterprise_account?.name ?? 'None']];
  place.replaceChildren(h('ul', { class: 'list-group' },
    h('li', { class: 'list-group-item' }, h('div', { class: 'panel-section' },
      h('h3', {}, `${labels.subject} information`),
      h('dl', {}, facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])))),
    h('li', { class: 'list-group-item' }, h('div', { class: 'panel-section danger team-deletion' },
      h('h3', {}, labels.deleteHeading), deletion(team)))));
}
