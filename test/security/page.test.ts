/** Whatever stands in the answers that the status page shows, it stays text: nothing runs, nothing is asked of others. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { Refusal, servePage, stagingAnswers, type Answers, type PageServer } from '../support/page-server';
import { countOf, seed, tellCampaign } from './campaign';

jest.setTimeout(600_000);

const payloads = [
  '<script>globalThis.pwned=1</script>',
  '"><img src=x onerror=globalThis.pwned=1>',
  "'><svg/onload=globalThis.pwned=1>",
  'javascript:globalThis.pwned=1//',
  'data:text/html,<script>parent.pwned=1</script>',
  '</script></style></title><iframe srcdoc="<script>parent.pwned=1</script>">',
  '{{constructor.constructor("globalThis.pwned=1")()}}',
  '![x](http://canary.invalid/x) [y](javascript:globalThis.pwned=1) <http://canary.invalid/>',
  '<link rel=stylesheet href=//canary.invalid/x><base href=//canary.invalid/>',
  '\u202E\u2066 reversed \u0000\u001B[31m',
  '<meta http-equiv=refresh content="0;url=http://canary.invalid/">',
  '__proto__',
  'x'.repeat(5000),
];
/** Texts of which the page knows the few that there are; and stamps, without which there is nothing to show. */
const kept =
  /^(outcome|verdict|severity|at|.*At|since|lastSeen|state|type|identity|configHash|version|startedAt|schedule|kind|environment)$/;

/** @returns the document with the payload in every text of it, in front of what stands there where it is a name that others refer to. */
function poisoned(document: unknown, payload: string, key = ''): unknown {
  if (typeof document === 'string') {
    if (kept.test(key) || /^\d{4}-\d\d-\d\dT/.test(document)) return document;
    return payload;
  }
  if (document instanceof Refusal) return new Refusal(document.status, payload);
  if (Array.isArray(document)) return document.map((item) => poisoned(item, payload, key));
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, poisoned(value, payload, name)]));
}

let browser: Browser;
let server: PageServer;
let context: BrowserContext;
let page: Page;
let complaints: string[];
beforeAll(async () => {
  browser = await startBrowser();
  server = await servePage(stagingAnswers());
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  // Chromium logs an answer such as 400, too: a target that the address makes up is refused.
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource: the server responded with a status of 400'))
      complaints.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => complaints.push('a dialog')));
  page.on('popup', () => complaints.push('a window'));
  context.on('request', (request) => {
    if (![server.url, 'data:', `blob:${server.url}`].some((start) => request.url().startsWith(start)))
      complaints.push(`asked: ${request.url()}`);
  });
});
afterEach(() => context.close());

const views = ['#/', '#/dependencies', '#/alerts', '#/logs', '#/switches', '#/verify', '#/targets/orders-db'];
const chosen = payloads.slice(0, countOf('FUZZ_PAYLOADS', 3));
let opened = 0;

test.each(chosen.map((payload) => [JSON.stringify(payload).slice(0, 60), payload]))('%s', async (_, payload) => {
  const good = stagingAnswers();
  const bad: Answers = Object.fromEntries(
    Object.entries(good).map(([path, answer]) => [path, (request) => poisoned(answer(request), payload)]),
  );
  server.answers = bad;
  for (const view of [
    ...views,
    `#/targets/${encodeURIComponent(payload)}`,
    `#/?q=${encodeURIComponent(payload)}&cause=${encodeURIComponent(payload)}`,
  ]) {
    await page.goto('about:blank');
    // A target is asked for by the name that the address has.
    if (view === '#/targets/orders-db') server.answers = { ...bad, '/api/targets': good['/api/targets'] ?? (() => ({})) };
    await page.goto(`${server.url}${view}`);
    await page.locator('h1').first().waitFor();
    // What is asked for at once, and what that brings.
    await page.waitForTimeout(100);
    opened += 1;
    const state = await page.evaluate(`({
      pwned: globalThis.pwned ?? null,
      foreign: [...document.querySelectorAll('script[src],iframe,object,embed,base,meta[http-equiv=refresh],link[rel=stylesheet],img[src^="http"]')].map((each) => each.outerHTML),
      handlers: [...document.querySelectorAll('*')].filter((each) => [...each.attributes].some(({ name }) => name.startsWith('on'))).map((each) => each.outerHTML),
      links: [...document.querySelectorAll('[href],[src],[action],[xlink\\\\:href]')].flatMap((each) => ['href', 'src', 'action'].map((name) => each.getAttribute(name) ?? '')).filter((url) => /^\\s*(javascript|vbscript|data:text)/i.test(url)),
      polluted: Object.keys(Object.prototype),
    })`);
    expect([view, state]).toEqual([view, { pwned: null, foreign: [], handlers: [], links: [], polluted: [] }]);
    expect([view, complaints]).toEqual([view, []]);
  }
});

test('so it was in every view', () => {
  tellCampaign('page', { payloads: chosen.length, views: opened, seed });
  expect(opened).toBeGreaterThanOrEqual(chosen.length * (views.length + 2));
});
