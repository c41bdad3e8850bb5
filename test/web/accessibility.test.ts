import type { Browser, Page } from 'playwright-core';
import { violationsOf } from '../support/axe';
import { startBrowser } from '../support/browser';
import { servePage, stagingAnswers, type PageServer } from '../support/page-server';
import { stagingTargets } from '../support/page-targets';

jest.setTimeout(180_000);

let browser: Browser;
let server: PageServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), servePage(stagingAnswers())]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Every view as it is once it has been used. */
const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  '#/': (page) => page.getByRole('table').first().waitFor(),
  '#/targets/orders-db': async (page) => {
    await page.getByText('As a table').click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('not recorded', { exact: true }).waitFor();
  },
  '#/targets/app': (page) => page.getByRole('table', { name: 'Secrets' }).waitFor(),
  '#/dependencies': async (page) => {
    await page.getByRole('link', { name: /^orders-db/ }).waitFor();
    await page.getByText('As a list').click();
  },
  '#/alerts': (page) => page.getByText('on-call').waitFor(),
  '#/logs': (page) => page.getByRole('table').first().waitFor(),
  '#/switches': (page) => page.getByRole('switch').first().waitFor(),
  '#/verify': async (page) => {
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('heading', { name: 'Not signed off' }).waitFor();
  },
  runbooks: (page) => page.getByRole('heading', { name: 'connect_timeout' }).waitFor(),
};

async function openView(view: string, options: Parameters<Browser['newPage']>[0]): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(server.url + view);
  await views[view]?.(page);
  return page;
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(Object.keys(views))('axe finds nothing in %s', async (view) => {
    const page = await openView(view, { colorScheme, viewport: { width: 1280, height: 900 } });
    expect(await violationsOf(page)).toEqual([]);
    await page.close();
  });
});

test.each(Object.keys(views))('%s fits 320 pixels', async (view) => {
  const page = await openView(view, { viewport: { width: 320, height: 640 } });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  await page.close();
});

test('axe finds nothing in tables that are drawn as cards', async () => {
  const page = await openView('#/', { viewport: { width: 320, height: 640 } });
  expect(await violationsOf(page)).toEqual([]);
  await page.close();
});

test('everything is reached by keyboard', async () => {
  const page = await openView('#/', { viewport: { width: 1280, height: 900 } });
  const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent.trim() || document.activeElement.value || ""');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.localName')).toBe('main');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('resource_not_ready');
  // Outcomes are one stop; the arrow keys go on from there.
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.getByText('7 of 17 targets shown').waitFor({ state: 'attached' });
  await page.locator('#row-orders-db').focus();
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1, name: 'orders-db' });
  await heading.waitFor();
  expect(await focused()).toBe('orders-db');
  await page.close();
});

test('the picture lets the keyboard go on, to each of its targets and past it', async () => {
  const page = await openView('#/dependencies', { viewport: { width: 1280, height: 900 } });
  const reached: string[] = [];
  await page.getByRole('region', { name: 'Picture of the dependencies' }).focus();
  do {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate<string>('document.activeElement.getAttribute("href") ?? document.activeElement.localName'));
  } while (reached.at(-1)?.startsWith('#/targets/') && reached.length < 100);
  const targets = stagingTargets().map(({ target }) => `#/targets/${target}`);
  expect(reached.slice(0, -1).toSorted()).toEqual(targets.toSorted());
  expect(reached.at(-1)).toBe('summary');
  await page.close();
});

test('the theme can be chosen, and is kept', async () => {
  const page = await openView('#/', { colorScheme: 'light' });
  const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  const light = await ground();
  await page.getByRole('button', { name: 'Theme: system; change to light' }).click();
  await page.getByRole('button', { name: 'Theme: light; change to dark' }).click();
  expect(await ground()).not.toBe(light);
  await page.reload();
  await page.getByRole('button', { name: 'Theme: dark; change to auto' }).waitFor();
  expect(await ground()).not.toBe(light);
  await page.close();
});
