import type { Browser, Page } from 'playwright-core';
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { TargetState } from '../../shared/status/state';
import { startBrowser } from '../support/browser';
import { errorsAnswer } from '../support/page-events';
import { servePage, stagingAnswers, type PageServer } from '../support/page-server';
import { minutesAgo, stateOf, targetsAnswer } from '../support/page-targets';

jest.setTimeout(120_000);

let browser: Browser;
let server: PageServer;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await servePage(stagingAnswers());
  page = await browser.newPage();
});
afterEach(async () => {
  await page.close();
  await server.close();
});

const failing = (target: string, minutes: number, given: Partial<TargetState> = {}): TargetState =>
  stateOf({
    kind: 'http',
    target,
    outcome: 'failure',
    reason: 'connect_timeout',
    owner: 'infrastructure',
    since: minutesAgo(minutes),
    ...given,
  });

const causeOf = (given: Partial<Cause>): Cause => ({
  cause: 'vpc-connector',
  title: 'The connector is down',
  owner: 'infrastructure',
  reason: 'connect_timeout',
  severity: 'critical',
  confidence: 'high',
  evidence: [],
  targets: [],
  blocks: [],
  ...given,
});

/** @returns what the card of the cause says of its beginning. */
async function dated(states: readonly TargetState[], cause: Partial<Cause>): Promise<string> {
  server.answers['/api/targets'] = () => targetsAnswer(states, [causeOf(cause)]);
  await page.goto(server.url);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'The connector is down' }) });
  return (await card.locator('.facts').innerText()).replaceAll(/\s+/g, ' ');
}

describe('a cause is dated', () => {
  const other = { reason: 'assertion_failed' } as const;

  test('by where it is seen, not by what it blocks', async () => {
    const states = [failing('seen', 13.5), failing('blocked', 300, other), failing('also', 200)];
    expect(await dated(states, { targets: ['seen'], blocks: ['also', 'blocked'] })).toContain('since 13 min');
  });

  test('by the first that fails for its reason, where it is seen at several', async () => {
    const states = [failing('older', 300, other), failing('first', 20.5), failing('second', 10.5)];
    expect(await dated(states, { targets: ['first', 'older', 'second'] })).toContain('since 20 min');
  });

  test('by what it blocks where it is seen nowhere, but only by what fails for its reason', async () => {
    const states = [failing('older', 300, other), failing('first', 15.5), failing('second', 14.5)];
    expect(await dated(states, { blocks: ['first', 'older', 'second'] })).toContain('since 15 min');
  });

  test('by what began to fail last where nothing fails for its reason', async () => {
    const states = [failing('older', 300, other), failing('newer', 12.5, other), stateOf({ kind: 'http', target: 'well' })];
    expect(await dated(states, { blocks: ['newer', 'older', 'well'] })).toContain('since 12 min');
  });
});

test('what may have begun earlier is told so: by the cause, in the row and on the page of the target', async () => {
  const states = [failing('seen', 59.5, { sinceIsAtLeast: true }), stateOf({ kind: 'http', target: 'well', since: minutesAgo(24.5 * 60) })];
  const facts = await dated(states, { targets: ['seen'] });
  expect(facts).toContain('for more than 59 min');
  expect(facts).not.toContain('since');
  const since = (target: string): Promise<string> =>
    page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: target }) })
      .locator('[data-title=Since]')
      .innerText();
  expect(await since('seen')).toBe('longer than 59 min');
  expect(await since('well')).toBe('1 d');
  const { '/api/target': target } = server.answers;
  server.answers['/api/target'] = (request) => ({ ...(target?.(request) as object), state: states[0] });
  await page.goto(`${server.url}#/targets/orders-db`);
  await page.getByText('for more than 59 min').waitFor();
});

test('what is blocked is said to fail because of a cause that is told instead', async () => {
  await page.goto(`${server.url}#/alerts`);
  await page.getByRole('heading', { name: 'Blocked, not paged (5)' }).waitFor();
  expect(await page.locator('main').innerText()).toContain('These fail because of a cause and page nobody: the cause is told instead.');
});

test('where not every error was read, counts and beginnings are said to be at least that', async () => {
  await page.goto(`${server.url}#/logs`);
  const group = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'postgres orders-db: connect_timeout' }) });
  const facts = async (): Promise<string> => (await group.locator('.facts').innerText()).replaceAll(/\s+/g, ' ');
  const exact = await facts();
  expect(exact).toMatch(/^12×.* last 30 s ago, first 12 min ago/);
  server.answers['/api/errors'] = () => ({ ...errorsAnswer(), truncated: true });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Only the newest reports were read').waitFor();
  expect(await facts()).toMatch(/^at least 12×.* first more than 12 min ago/);
});

test('what was typed for a verification is still there after a look at another view', async () => {
  await page.goto(`${server.url}#/verify`);
  const fields = { Rounds: '5', Interval: '20s', Issue: '#1278' };
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await page.getByRole('link', { name: 'Alerts' }).click();
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
  await page.getByRole('link', { name: 'Verify' }).click();
  for (const [label, value] of Object.entries(fields)) expect(await page.getByLabel(label).inputValue()).toBe(value);
});
