// The Playwright half of tests/bench/replay. One recorded flow, played through context.routeFromHAR:
//   inline RECORDING FOLDER           write FOLDER/inlined.har, with the bodies in it, and FOLDER/flow.json
//   observe FOLDER                    play it once, slowly looking, and print what is not replayed rightly
//   replay FOLDER REPLAYS AT_ONCE     play it so often, and print as JSON how long that took
//   summary FOLDER ROUNDS             print the medians of Offstage's and Playwright's turns
// playwright-core is taken from node_modules beside this file.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

const dashboard = 'https://dashboard.heroku.com';
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

// --- the recording ---------------------------------------------------------------------------------------

/** Puts a body that stands in a file of its own back into the HAR. */
function putIn(content, folder) {
  if (!content?._file) return;
  const bytes = readFileSync(join(folder, content._file));
  const text = bytes.toString('utf8');
  delete content._file;
  delete content._sha256;
  if (Buffer.from(text, 'utf8').equals(bytes)) content.text = text;
  else Object.assign(content, { text: bytes.toString('base64'), encoding: 'base64' });
}

function inline(recording, folder) {
  const har = readJson(recording);
  const { entries, _offstage: ours } = har.log;
  const cookies = new Set();
  for (const { request, response } of entries) {
    putIn(request.postData, dirname(recording));
    putIn(response.content, dirname(recording));
    for (const { name, value } of response.headers) {
      if (name.toLowerCase() === 'set-cookie') cookies.add(value.split('=')[0]);
    }
  }
  const authorize = entries.find(({ request }) => request.url.includes('/oauth/authorize'));
  const lists = ours.ending.variables.flatMap(({ set }) => (set.grants ? [set.grants.map(({ user }) => user)] : []));
  const secret = (wanted) => ours.secrets.find(({ name }) => name === wanted).placeholder;
  writeFileSync(join(folder, 'flow.json'), JSON.stringify({
    email: secret('email'), password: secret('password'), code: ours.codes[0],
    team: ours.arguments.resource.id, person: ours.arguments.user,
    state: new URL(authorize.request.url).searchParams.get('state'),
    cookies: [...cookies],
    redirects: entries.filter(({ response }) => response.status >= 300 && response.status < 400).length,
    removals: entries.filter(({ request }) => request.method === 'DELETE').length,
    startedAt: ours.started_at,
    before: lists[0], after: lists.at(-1),
  }));
  // What only Offstage reads would be parsed for every context.
  delete har.log._offstage;
  writeFileSync(join(folder, 'inlined.har'), JSON.stringify(har));
}

// --- the flow --------------------------------------------------------------------------------------------

async function launch() {
  const { chromium } = (await import('playwright-core')).default;
  return () => chromium.launch({
    executablePath: process.env.OFFSTAGE_CHROME,
    chromiumSandbox: true,
    args: ['--host-resolver-rules=MAP * ~NOTFOUND', '--no-proxy-server', '--disable-background-networking'],
  });
}

/** A context that is answered from the HAR. `state`: what crypto.randomUUID() gives in it, if not what it likes. */
async function open(browser, folder, state) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(60_000);
  await context.routeFromHAR(join(folder, 'inlined.har'), { url: '**/*', notFound: 'abort' });
  if (state) await context.addInitScript((made) => { crypto.randomUUID = () => made; }, state);
  return context;
}

const signInForm = (page) => page.getByLabel('Email address');

async function signIn(page, flow) {
  await page.goto(`${dashboard}/account`);
  await page.locator('#onetrust-reject-all-handler').click();
  await signInForm(page).fill(flow.email);
  await page.getByLabel('Password').fill(flow.password);
  await page.getByRole('button', { name: 'Log In' }).click();
  await page.getByLabel('Verification Code').fill(flow.code);
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('Signed in as').waitFor();
  await page.goto(`${dashboard}/account`);
  await page.getByText(`Signed in as ${flow.email}`).waitFor();
}

/** All rows of one list, over all of its pages. */
async function rowsOf(list) {
  const rows = [];
  const next = list.getByRole('button', { name: 'Next page' });
  await list.locator('table').waitFor();
  for (;;) {
    rows.push(...await list.locator('tbody tr:not(.empty)').evaluateAll((found) => found.map((row) => ({
      user: row.querySelector('.member-email').textContent,
      role: row.querySelector('.member-role').textContent,
      status: row.querySelector('.member-status')?.textContent,
      app: row.querySelector('.member-access')?.textContent,
    }))));
    if (await next.count() === 0 || await next.isDisabled()) return rows;
    await next.click();
  }
}

async function listAccess(page, flow) {
  await page.goto(`${dashboard}/teams/${flow.team}/access`);
  const rows = [...await rowsOf(page.locator('.org-members-list')), ...await rowsOf(page.locator('.org-collaborators-list'))];
  return rows.map(({ user }) => user);
}

async function remove(page, flow) {
  await page.goto(`${dashboard}/teams/${flow.team}/access?filter=${encodeURIComponent(flow.person)}`);
  const row = page.locator('tr.team-member-item').filter({ has: page.getByText(flow.person, { exact: true }) });
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.locator('#hk-slide-panels').getByRole('button', { name: /^Remove user/ }).click();
  const modal = page.locator('#modal-overlays');
  await modal.locator('.modal-body').getByText(flow.person).waitFor();
  await modal.getByRole('button', { name: 'Remove user' }).click();
  await modal.locator('.modal-box').waitFor({ state: 'detached' });
}

async function play(browser, folder, flow) {
  const context = await open(browser, folder, flow.state);
  try {
    const page = await context.newPage();
    await signIn(page, flow);
    const before = await listAccess(page, flow);
    await remove(page, flow);
    return { before, after: await listAccess(page, flow) };
  } finally {
    await context.close();
  }
}

// --- what is replayed, and how fast -----------------------------------------------------------------------

const same = (one, other) => JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

/** Where the sign-in gets to when the page makes up its own `state`. */
async function signInAsItComes(browser, folder) {
  const context = await open(browser, folder);
  const page = await context.newPage();
  const aborted = page.waitForEvent('requestfailed', (request) => request.url().includes('/oauth/authorize') &&
    request.failure().errorText !== 'net::ERR_ABORTED').then((request) => new URL(request.url()));
  const shown = signInForm(page).waitFor();
  for (const each of [aborted, shown]) each.catch(() => {});
  await page.goto(`${dashboard}/account`);
  const stopped = await Promise.race([aborted, shown]);
  await context.close();
  return stopped;
}

async function observe(folder) {
  const flow = readJson(folder, 'flow.json');
  const browser = await (await launch())();
  const right = [];
  const wrong = [];
  const tell = (is, text) => (is ? right : wrong).push(text);

  const stopped = await signInAsItComes(browser, folder);
  tell(!stopped, stopped ?
    `The sign-in, as it is. The page makes up a new state each time, so GET ${stopped.host}${stopped.pathname} with\n` +
    `  state=${stopped.searchParams.get('state')} is in no HAR and is aborted. All below, and all that is timed,\n` +
    `  was had by making crypto.randomUUID() return what was recorded (${flow.state}).` :
    'the sign-in with a state that the page makes up');

  const context = await open(browser, folder, flow.state);
  const page = await context.newPage();
  let redirects = 0;
  const deletes = [];
  page.on('response', (response) => {
    if (response.status() >= 300 && response.status() < 400) redirects += 1;
    if (response.request().method() === 'DELETE') deletes.push(response.status());
  });
  await signIn(page, flow);
  right.push('the sign-in form', 'the verification code', 'the dashboard');
  const jar = new Set((await context.cookies()).map(({ name }) => name));
  const lost = flow.cookies.filter((name) => !jar.has(name));
  tell(lost.length === 0, lost.length ?
    `Cookies. ${lost.length} of the ${flow.cookies.length} that the recording sets during the sign-in are not there after it:\n` +
    `  ${lost.join(', ')}.` : 'cookies');
  tell(redirects === flow.redirects, redirects !== flow.redirects ?
    `Redirects. ${flow.redirects} were recorded, ${redirects} came to the browser: routeFromHAR goes to where they end.` :
    'redirects');
  const minutes = Math.round((await page.evaluate(() => Date.now()) - Date.parse(flow.startedAt)) / 60_000);
  tell(minutes === 0, minutes ? `The clock. The page's is ${minutes} minutes off the recording's.` : 'the clock');

  const before = await listAccess(page, flow);
  tell(same(before, flow.before), `the list (${before.length} rows)`);
  await remove(page, flow);
  tell(deletes.length === 1 && deletes[0] === 200, 'the removal, up to its answer');
  const after = await listAccess(page, flow);
  const there = after.includes(flow.person);
  tell(same(after, flow.after), !same(after, flow.after) ?
    `The list after the DELETE. It has ${after.length} rows and ${there ? 'still shows' : 'does not show'} ${flow.person}; ` +
    `recorded were\n  ${flow.after.length} rows, ${flow.after.includes(flow.person) ? 'with' : 'without'} that person.` :
    'the list after the DELETE');
  if (there) {
    await remove(page, flow);
    tell(deletes.length === flow.removals,
      `A change once only. ${flow.removals} DELETE was recorded; the same person was removed again, and all ${deletes.length} were\n` +
      `  answered (${deletes.join(', ')}).`);
  }
  const browserVersion = browser.version();
  await browser.close();
  const { version } = readJson(folder, 'node_modules/playwright-core/package.json');
  console.log(`What routeFromHAR of playwright-core ${version} makes of it, in Chrome ${browserVersion}:`);
  console.log(`replayed rightly: ${right.join(', ')}`);
  console.log(wrong.length ? 'not replayed rightly:' : 'nothing was not replayed rightly');
  for (const each of wrong) console.log(`- ${each}`);
}

async function replay(folder, replays, atOnce) {
  const flow = readJson(folder, 'flow.json');
  const start = await launch();
  const began = performance.now();
  const browser = await start();
  const results = [];
  let left = replays;
  await Promise.all(Array.from({ length: Math.min(atOnce, replays) }, async () => {
    while (left > 0) {
      left -= 1;
      const from = performance.now();
      const { before, after } = await play(browser, folder, flow);
      if (!same(before, flow.before)) throw new Error(`the list before the removal has ${before.length} rows`);
      results.push({
        milliseconds: Math.round(performance.now() - from), rows: after.length, stillThere: after.includes(flow.person),
      });
    }
  }));
  await browser.close();
  console.log(JSON.stringify({ milliseconds: Math.round(performance.now() - began), replays: results }));
}

// --- the summary -----------------------------------------------------------------------------------------

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function summary(folder, rounds) {
  const numbers = Array.from({ length: rounds }, (_, at) => at + 1);
  const turns = (name, list) => numbers.map((round) => {
    const { milliseconds, [list]: replays } = readJson(folder, `${name}-${round}.json`);
    return {
      whole: milliseconds / 1000, rate: replays.length / (milliseconds / 1000),
      each: replays.map((one) => one.milliseconds / 1000), replays,
    };
  });
  const offstage = turns('offstage', 'recordings');
  const playwright = turns('playwright', 'replays');
  const line = (name, rate, each, whole) =>
    console.log(`  ${name.padEnd(12)}${rate.toFixed(2).padStart(7)} replays/s ${each.toFixed(2).padStart(8)} s each ` +
      `${whole.toFixed(2).padStart(8)} s the whole`);
  const show = (name, turn) => line(name, turn.rate, median(turn.each), turn.whole);
  for (const [at, round] of numbers.entries()) {
    console.log(`round ${round}`);
    show('offstage', offstage[at]);
    show('playwright', playwright[at]);
  }
  console.log('median');
  const middle = (all, key) => median(all.map((turn) => turn[key]));
  for (const [name, all] of Object.entries({ offstage, playwright })) {
    line(name, middle(all, 'rate'), median(all.flatMap(({ each }) => each)), middle(all, 'whole'));
  }
  const ratios = numbers.map((_, at) => offstage[at].rate / playwright[at].rate);
  console.log(`offstage to playwright, replays/s: ${median(ratios).toFixed(2)} ` +
    `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`);
  const all = playwright.flatMap(({ replays }) => replays);
  const passed = offstage.flatMap(({ replays }) => replays).filter((one) => one.passed).length;
  console.log(`${passed} replays of offstage passed: they end as recorded, with the rows and the requests that were recorded.`);
  console.log(`${all.filter(({ stillThere }) => stillThere).length} of ${all.length} through routeFromHAR ended ` +
    'with the person still in the list.');
}

const [what, ...rest] = process.argv.slice(2);
const commands = {
  inline: () => inline(rest[0], rest[1]),
  observe: () => observe(rest[0]),
  replay: () => replay(rest[0], Number(rest[1]), Number(rest[2])),
  summary: () => summary(rest[0], Number(rest[1])),
};
try {
  await commands[what]();
} catch (error) {
  console.error(`route_from_har: ${error.message}`);
  process.exit(1);
}
