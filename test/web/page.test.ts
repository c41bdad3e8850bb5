import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { Refusal, servePage, stagingAnswers, type PageServer } from '../support/page-server';
import { stagingTargets, targetsAnswer } from '../support/page-targets';

jest.setTimeout(120_000);

let browser: Browser;
let server: PageServer;
let context: BrowserContext;
let page: Page;
/** What the browser refused, and what was thrown. */
let complaints: string[];

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  server = await servePage(stagingAnswers());
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
});
afterEach(async () => {
  await context.close();
  await server.close();
});

const open = (hash: string): Promise<unknown> => page.goto(`${server.url}${hash}`);

test('the verdict and the causes come first, each with its owner, its evidence and what it blocks', async () => {
  await open('#/');
  await page.getByRole('heading', { level: 1, name: 'Unhealthy' }).waitFor();
  await page.getByText('7 of 17 targets fail, 1 can’t be told, 2 are degraded; 2 causes.').waitFor();
  const cause = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'The VPC connector staging-connector is not READY' }) });
  const text = await cause.innerText();
  for (const said of [
    'Infrastructure',
    'critical',
    'high confidence',
    'resource_not_ready',
    'since 13 min',
    'state is ERROR',
    'Blocks 5 targets',
  ])
    expect(text).toContain(said);
  await cause.getByRole('link', { name: 'orders-db' }).click();
  await page.getByRole('heading', { level: 1, name: 'orders-db' }).waitFor();
  expect(complaints).toEqual([]);
});

test('a row says outcome, reason, owner, since when, and what blocks it', async () => {
  await open('#/');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'orders-db' }) });
  await row.waitFor();
  // What is out of sight has no inner text.
  expect(await row.locator('th, td').allTextContents()).toEqual(
    expect.arrayContaining(['orders-db', 'Failure', 'connect_timeout', 'Infrastructure', '12 min', '31 ms', 'vpc-connector']),
  );
});

test('what is filtered stands in the address, and an address filters', async () => {
  await open('#/?outcome=failure');
  await page.getByRole('table', { name: /postgres/ }).waitFor();
  await page.getByRole('searchbox', { name: 'Filter targets' }).fill('postgres connect');
  await page.getByText('1 of 17 targets shown').waitFor();
  expect(page.url()).toContain('#/?outcome=failure&q=postgres+connect');
});

test('a target tells its state, history, failures and what it needs, and runs now without a record', async () => {
  await open('#/targets/orders-db');
  await page.getByText('97.12 % available').waitFor();
  const strip = page.getByRole('slider', { name: 'Outcomes over time' });
  const newest = await strip.getAttribute('aria-valuetext');
  await strip.press('Home');
  expect(newest).toContain('Failure (5 failure); median 9.00 s');
  expect(await strip.getAttribute('aria-valuetext')).toContain('Success (5 success)');
  await page.getByRole('img', { name: /^Latency by phase\. Typically \d+ ms; slowest 14\.4 s/ }).waitFor();
  await page.getByText('As a table').click();
  await page.getByRole('region', { name: 'History as a table' }).getByRole('row').nth(20).waitFor();
  await page.getByRole('link', { name: 'What to do: runbook' }).waitFor();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('not recorded', { exact: true }).waitFor();
  expect(server.asked).toContain('POST /api/run run');
  expect(complaints).toEqual([]);
});

test('who is no operator reads why, and can’t run', async () => {
  const { '/api/session': session } = server.answers;
  server.answers['/api/session'] = (request) => ({
    ...(session?.(request) as object),
    operator: false,
    refused: 'no verified identity came',
  });
  await open('#/targets/auth');
  await page.getByText('Read-only: no verified identity came').waitFor();
  expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
});

test('the picture leads to its targets, and a list says the same', async () => {
  await open('#/dependencies');
  await page.getByRole('link', { name: 'orders-db, postgres · blocked, Failure, by vpc-connector' }).waitFor();
  await page.getByText('As a list').click();
  await page.getByRole('row', { name: /^orders-db postgres · blocked Failure vpc-connector/ }).waitFor();
  expect(complaints).toEqual([]);
});

test('alerts name their channels, and what is blocked', async () => {
  await open('#/alerts');
  const incident = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Cause vpc-connector blocks critical targets' }) });
  expect(await incident.innerText()).toContain('on-call');
  await page.getByRole('heading', { name: 'Blocked, not paged (5)' }).waitFor();
  await page.getByText('nobody: no route fits').waitFor();
});

test('where no alert is evaluated the page says why', async () => {
  const problem = { reason: 'api_unavailable', message: 'prometheus is not installed' };
  server.answers['/api/incidents'] = () => ({
    readAt: new Date().toISOString(),
    stale: false,
    problem,
    truncated: false,
    incidents: [],
    blocked: [],
  });
  await open('#/alerts');
  await page.getByText('prometheus is not installed').waitFor();
  expect(await page.getByText('Not known, see above.').isVisible()).toBe(true);
});

test('logs are asked for as chosen', async () => {
  await open('#/logs');
  await page.getByRole('heading', { name: 'postgres orders-db: connect_timeout' }).waitFor();
  await page.getByLabel('Severity').selectOption('ERROR');
  await page.getByRole('table', { name: /Log lines/ }).waitFor();
  expect(page.url()).toContain('#/logs?severity=ERROR');
});

test('a switch says that it is on, and why it can’t be switched', async () => {
  server.answers['/faults/postgres-frozen'] = () => new Refusal(409, 'vpc-connector-down is on: switch it off first');
  await open('#/switches');
  const on = page.getByRole('switch', { name: 'The VPC connector is in state ERROR' });
  expect(await on.getAttribute('aria-checked')).toBe('true');
  await page.getByRole('switch', { name: 'PostgreSQL accepts connections' }).click();
  await page.getByRole('alert').filter({ hasText: 'switch it off first' }).waitFor();
  expect(server.asked).toContain('POST /faults/postgres-frozen');
});

test('a verification is followed line by line, and ends with who does what', async () => {
  await open('#/verify');
  await page.getByLabel('Rounds').fill('2');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('heading', { name: 'Not signed off' }).waitFor();
  await page.getByText('Overall Status: UNHEALTHY · Critical Failures: 2').waitFor();
  await page.getByRole('columnheader', { name: 'Round 2' }).waitFor();
  await page.getByText('infrastructure: bring the VPC connector staging-connector back to READY').waitFor();
  expect(server.asked).toContain('POST /api/verify verify');
  expect(complaints).toEqual([]);
});

test('what can’t be fetched again stays, and the page says so', async () => {
  await open('#/');
  await page.getByRole('heading', { level: 1, name: 'Unhealthy' }).waitFor();
  server.answers['/api/targets'] = () => new Refusal(500, 'Cloud Monitoring does not answer');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText(/could not be fetched: Cloud Monitoring does not answer/).waitFor();
  expect(await page.getByRole('link', { name: 'orders-db' }).first().isVisible()).toBe(true);
});

test('a change of the verdict is told to those who listen, and the focus stays', async () => {
  await open('#/');
  const link = page.locator('#row-frontend');
  await link.focus();
  server.answers['/api/targets'] = () =>
    targetsAnswer(
      stagingTargets().map((state) => ({ ...state, outcome: 'success', reason: null })),
      [],
    );
  await page.evaluate('document.querySelector(".freshness button").dispatchEvent(new MouseEvent("click", { bubbles: true }))');
  await page.getByText('Healthy: 17 success; 0 causes.').waitFor({ state: 'attached' });
  expect(await page.evaluate('document.activeElement.id')).toBe('row-frontend');
});

test('names and messages are text, never markup', async () => {
  const evil = '<img src=x onerror="document.title=\'owned\'">';
  const [first, ...rest] = targetsAnswer(stagingTargets(), []).targets;
  server.answers['/api/targets'] = () => ({
    ...targetsAnswer(stagingTargets(), []),
    environment: evil,
    targets: [{ ...first, target: evil, reason: evil, owner: evil, blockedBy: evil }, ...rest],
    causes: [
      {
        cause: evil,
        title: evil,
        owner: evil,
        reason: evil,
        severity: 'critical',
        confidence: 'high',
        evidence: [evil],
        targets: [evil],
        blocks: [evil],
      },
    ],
  });
  await open('#/');
  await page.getByRole('heading', { name: evil }).first().waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.title()).toContain(evil);
  expect(complaints).toEqual([]);
});

test('a runbook that is no page is no link', async () => {
  const { '/api/target': target } = server.answers;
  server.answers['/api/target'] = (request) => ({ ...(target?.(request) as object), runbook: 'javascript:alert(1)' });
  await open('#/targets/orders-db');
  await page.getByText('blocked by').waitFor();
  expect(await page.getByRole('link', { name: 'What to do: runbook' }).count()).toBe(0);
  expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
});
