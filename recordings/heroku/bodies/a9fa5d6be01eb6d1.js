// What the server told this page in its head.

const environment = JSON.parse(decodeURIComponent(
  document.querySelector('meta[name="dashboard/config/environment"]').content));

export const { api, identity, client_id: clientId } = environment;

/** The value of a switch that makes the page misbehave; undefined when it is off. */
export const fault = (name) => environment.switches[name];

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

export const labels = words[environment.labels];
