// The OAuth session: a bearer token in localStorage, fetched through id.heroku.com.
import { clientId, identity } from './config.js';

const key = 'ember_simple_auth-session';

export function token() {
  try {
    return JSON.parse(localStorage.getItem(key))?.authenticated?.access_token;
  } catch {
    return undefined;
  }
}

export function forget() {
  localStorage.removeItem(key);
}

/** Leaves for the sign-in pages; the page that was wanted is opened afterwards. */
export function logIn(wanted) {
  if (wanted) localStorage.setItem('redirectTo', wanted);
  const state = crypto.randomUUID();
  localStorage.setItem('oauth-state', state);
  const query = new URLSearchParams({ client_id: clientId, response_type: 'code', scope: 'global', state });
  location.assign(`${identity}/oauth/authorize?${query}`);
}

export function logOut() {
  forget();
  localStorage.removeItem('redirectTo');
  location.assign(`${identity}/logout`);
}

/** Ends the sign-in: returns the address that was wanted, or nothing when the sign-in failed. */
export async function comeBack(query) {
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
