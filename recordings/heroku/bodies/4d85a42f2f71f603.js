// Calls to api.heroku.com.
import { api } from './config.js';
import { token } from './session.js';

/** An answer that is no success; status 0 is no answer at all. */
export class ApiError extends Error {
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

export const get = async (path) => (await call('GET', path)).content;
export const send = async (method, path, body, variant) => (await call(method, path, { body, variant })).content;

/** A whole list, however many ranges it comes in. */
export async function list(path, variant) {
  const all = [];
  let range = 'email ..; max=1000';
  while (range) {
    const { content, next } = await call('GET', path, { range, variant });
    all.push(...content);
    range = next;
  }
  return all;
}

export const part = encodeURIComponent;
