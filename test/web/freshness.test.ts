/** How old what is shown may be before the page says so. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { Refusal, servePage, stagingAnswers, type PageServer } from '../support/page-server';
import { minutesAgo, stagingTargets, targetsAnswer } from '../support/page-targets';
import { incidentsAnswer } from '../support/page-events';

jest.setTimeout(120_000);

let browser: Browser;
let server: PageServer;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await servePage(stagingAnswers());
});
afterEach(() => server.close());

async function open(view: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(server.url + view);
  return page;
}

const readAt = (minutes: number): void => {
  server.answers['/api/targets'] = () => ({ ...targetsAnswer(stagingTargets(), []), readAt: minutesAgo(minutes) });
};

test('what was read too long ago is called stale, also where no reading failed, and the verdict is, too', async () => {
  readAt(3);
  const page = await open('#/');
  await page.getByText(/^Stale: targets of \d\d:\d\d:\d\d\.$/).waitFor({ state: 'attached' });
  await page.getByText(/^Targets of \d\d:\d\d:\d\d · stale$/).waitFor();
  await page.getByText(/What is shown was read at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. /).waitFor();
  await page.locator('header').getByText('Unhealthy · stale').waitFor();
  readAt(0.1);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('header').getByText('Unhealthy', { exact: true }).waitFor();
  expect(await page.locator('.freshness').innerText()).not.toContain('stale');
  expect(await page.locator('[data-freshness]').textContent()).toBe('');
  await page.close();
});

test('what grows old while it is being read again is called stale meanwhile', async () => {
  readAt(70 / 60);
  const page = await open('#/');
  await page.getByRole('heading', { level: 1, name: 'Unhealthy' }).waitFor();
  await page.route('**/api/targets', () => undefined);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText(/^Targets of .* · stale$/).waitFor();
  expect(await page.locator('main').innerText()).toContain('It is being read again.');
  await page.close();
});

test('what is not of today has its date', async () => {
  readAt(26 * 60);
  const page = await open('#/');
  await page.getByText('· stale').first().waitFor();
  expect(await page.locator('.freshness').innerText()).toMatch(/^Targets of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d · stale/);
  await page.close();
});

test.each([
  ['#/alerts', /^Alerts of \d\d:\d\d:\d\d$/],
  ['#/logs', /^(Log|Errors) of \d\d:\d\d:\d\d$/],
  ['#/dependencies', /^Dependencies of \d\d:\d\d:\d\d$/],
  ['#/switches', /^Switches of \d\d:\d\d:\d\d$/],
  ['#/targets/orders-db', /^(Target|History) of \d\d:\d\d:\d\d$/],
  ['#/verify', /^Targets of \d\d:\d\d:\d\d$/],
])('%s says how fresh that is which it shows', async (view, said) => {
  const page = await open(view);
  const mark = page.locator('.freshness').getByText(said);
  await mark.waitFor();
  expect(await mark.isVisible()).toBe(true);
  await page.close();
});

test('old alerts are stale though the targets are fresh, and the other way round', async () => {
  server.answers['/api/incidents'] = () => ({ ...incidentsAnswer(), readAt: minutesAgo(5) });
  const page = await open('#/alerts');
  await page.getByText(/^Alerts of .* · stale$/).waitFor();
  await page.locator('header').getByText('Unhealthy', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText(/^Targets of \d\d:\d\d:\d\d$/).waitFor();
  server.answers['/api/incidents'] = () => incidentsAnswer();
  readAt(5);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText(/^Targets of .* · stale$/).waitFor();
  await page.getByRole('link', { name: 'Alerts' }).click();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText(/^Alerts of \d\d:\d\d:\d\d$/).waitFor();
  await page.locator('header').getByText('Unhealthy · stale').waitFor();
  expect(await page.locator('.freshness').innerText()).not.toContain('stale');
  await page.close();
});

test.each(['alerts', 'dependencies'])('where the %s can’t be read nothing says that there are none', async (view) => {
  server.answers[view === 'alerts' ? '/api/incidents' : '/api/dependencies'] = () => new Refusal(500, 'Cloud Monitoring does not answer');
  const page = await open(`#/${view}`);
  await page
    .getByRole('alert')
    .filter({ hasText: `The ${view} could not be read. Cloud Monitoring does not answer` })
    .waitFor();
  await page.getByText(`${view === 'alerts' ? 'Alerts' : 'Dependencies'} not read`).waitFor();
  expect(await page.locator('main').innerText()).not.toMatch(/\bno\b/i);
  await page.close();
});

test.each([
  [2, 'fast'],
  [-2, 'slow'],
])('ages are right where the clock of the browser is off by %i h, and the page says so', async (hours, word) => {
  const page = await browser.newPage();
  await page.addInitScript(`{
    const right = Date;
    const shifted = () => right.now() + ${hours} * 3_600_000;
    globalThis.Date = class extends right {
      constructor(...given) {
        if (given.length > 0) super(...given);
        else super(shifted());
      }
      static now() {
        return shifted();
      }
    };
  }`);
  await page.goto(server.url);
  await page.getByText('since 13 min').waitFor();
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'orders-db' }) });
  expect(await row.locator('th, td').allTextContents()).toEqual(expect.arrayContaining(['12 min']));
  expect(await page.locator('.freshness').innerText()).not.toContain('stale');
  await page.getByText(new RegExp(`the clock of this device is (2 h|1 h 59 min) ${word}`)).waitFor();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('button[aria-busy="false"]', { hasText: 'Refresh' }).waitFor();
  expect(await page.getByText('since 13 min').isVisible()).toBe(true);
  await page.close();
});
