import { join } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { historyOf } from '../support/page-history';
import { servePage, stagingAnswers, statusFolder, type PageServer } from '../support/page-server';
import { manyTargets } from '../support/page-targets';

jest.setTimeout(180_000);

const targets = manyTargets(1000);
const minutesOfADay = 1440;
/** Milliseconds of work after which a page counts as standing still. */
const stallMs = 100;

let browser: Browser;
let server: PageServer;

beforeAll(async () => {
  const answers = stagingAnswers(targets);
  const [first] = targets;
  if (first) answers['/api/history'] = () => historyOf(first, 24, minutesOfADay);
  [browser, server] = await Promise.all([startBrowser(), servePage(answers)]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own work: what else the machine does meanwhile does not count. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** @returns the longest piece of work of the page's main thread while something is done, in milliseconds. */
async function longestTask(page: Page, work: () => Promise<unknown>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(threadOf));
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(threadOf(event)));
  expect(tasks.length).toBeGreaterThan(10);
  return Math.max(...tasks.map(({ tdur }) => (tdur ?? 0) / 1000));
}

test('1 000 targets, filtered, refreshed and left, and a day of minutes: nothing stands still', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const rows = (selector: string, count: number): Promise<void> =>
    page
      .locator(`${selector} tbody tr`)
      .nth(count - 1)
      .waitFor({ state: 'attached' });
  const took: Record<string, number> = {};
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => void (took[name] = await longestTask(page, work));
  await step('opened', async () => {
    await page.goto(server.url);
    await rows('.targets', 1000);
  });
  await step('filtered', async () => {
    await page.getByRole('searchbox').fill('http-target-00');
    await page.getByText('25 of 1000 targets shown').waitFor({ state: 'attached' });
    await page.getByRole('searchbox').fill('');
    await rows('.targets', 1000);
  });
  await step('refreshed', async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.waitForTimeout(2000);
  });
  await step('a day of minutes', async () => {
    await page.locator('#row-http-target-0000').click();
    await page.locator('.chart canvas').waitFor();
    await page.getByRole('slider').press('Home');
    await page.getByText('As a table').click();
    await rows('.history', minutesOfADay);
  });
  await step('the picture', async () => {
    await page.getByRole('link', { name: 'Dependencies' }).click();
    await page.locator('.picture a').first().waitFor();
  });
  for (const longest of Object.values(took)) expect(longest).toBeLessThan(stallMs);
  await page.close();
});

test('the whole page is below 150 KB as it is sent, and is painted before its script runs', async () => {
  const response = await fetch(server.url, { headers: { 'accept-encoding': 'gzip' } });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(statSync(join(statusFolder, 'page/page.html.gz')).size).toBeLessThan(150_000);
  const html = readFileSync(join(statusFolder, 'page/page.html'), 'utf8');
  expect(html).not.toMatch(/(src|href)="(?!data:)[^"#]/);
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.getByRole('table').first().waitFor();
  const paint = await page.evaluate<number>(`performance.getEntriesByName('first-paint')[0].startTime`);
  const answered = await page.evaluate<number>(`performance.getEntriesByType('resource')[0].startTime`);
  expect(paint).toBeLessThan(answered);
  await page.close();
});
