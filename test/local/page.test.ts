/** The status page of `npm start` from all green to broken, told, mended and signed off; by keyboard alone. */
import type { Locator } from 'playwright-core';
import type { StoredAlert } from '../../local/emulators/platform/alerts';
import { violationsInBothThemes } from '../support/axe';
import { startVisit, type Visit } from '../support/visit';

const minuteMs = 60_000;
// Schedules are real minutes: what breaks is seen by the next run, and its alert opens some three minutes later.
const alertMs = 12 * minuteMs;
jest.setTimeout(15 * minuteMs);
jest.retryTimes(0);

const broken = 'vpc-connector-down';
const issue = '#1278';

let visit: Visit;
let page: Visit['page'];
beforeAll(async () => {
  visit = await startVisit();
  ({ page } = visit);
});
afterAll(() => visit?.leave());

/** Whether each step so far succeeded. */
let isWhole = true;
/** A step needs all before it: without them it would only wait. */
function step(name: string, walk: () => Promise<void>): void {
  test.each([name])('%s', async () => {
    expect(isWhole).toBe(true);
    isWhole = false;
    await walk();
    isWhole = true;
  });
}

const heading = (name: string | RegExp, level = 1): Locator => page.getByRole('heading', { name, level, exact: true });
const row = (target: string): Locator => page.getByRole('row').filter({ has: page.locator(`[id="row-${target}"]`) });

interface Fault {
  readonly name: string;
  readonly title: string;
  readonly expects: readonly { readonly target: string; readonly reason: string; readonly owner: string }[];
}
let fault: Fault;
const theSwitch = (): Locator => page.getByRole('switch', { name: fault.title });

const alerts = async (): Promise<readonly StoredAlert[]> =>
  (await visit.fromGoogle<{ alerts?: readonly StoredAlert[] }>('monitoring/v3/projects/local-project/alerts')).alerts ?? [];

/** Whether somebody is paged for a target itself that fails because of what is broken. */
const isOfTheFault = ({ resource, metric }: StoredAlert): boolean =>
  fault.expects.some(({ target }) => [resource.labels['task_id'], metric.labels['target']].includes(target));

step('at first all is well: each kind has its table, each target its row', async () => {
  await heading('Healthy').waitFor();
  const { targets } = visit.stack.config;
  await page.getByText(`All ${targets.length} targets work.`).waitFor();
  for (const kind of new Set(targets.map((target) => target.kind)))
    await page.getByRole('table', { name: new RegExp(`^${kind} `) }).waitFor();
  for (const { name } of targets) await row(name).filter({ hasText: 'Success' }).waitFor();
  expect(await page.title()).toBe('Overview · local');
  expect(await violationsInBothThemes(page)).toEqual([]);
});

step('what can be broken stands there with what is to be expected, and is broken', async () => {
  const faults = (await (await fetch(`${visit.url}faults`)).json()) as readonly Fault[];
  const found = faults.find(({ name }) => name === broken);
  if (!found) throw new Error(`there is no ${broken}`);
  fault = found;
  await visit.go('Switches');
  await page.getByText(`All ${faults.length} switches are off.`).waitFor();
  await visit.reach(page.getByRole('searchbox', { name: 'Filter switches' }));
  await page.keyboard.type('vpc-connector');
  const item = page.getByRole('listitem').filter({ has: theSwitch() });
  for (const { target, reason } of fault.expects)
    expect((await item.allInnerTexts()).join()).toMatch(new RegExp(`${target}|${reason}|more`));
  await visit.press(theSwitch(), 'Space');
  await page.getByRole('switch', { name: fault.title, checked: true }).waitFor();
  await page.getByText(`On: ${fault.title}.`).waitFor();
  await visit.picture('switches');
});

step('the cause comes first, with its owner and what it blocks; then each target is red with its reason and owner', async () => {
  await visit.go('Overview');
  await heading('Unhealthy').waitFor();
  for (const { target, reason, owner } of fault.expects)
    await row(target)
      .filter({ hasText: 'Failure' })
      .filter({ hasText: reason })
      .filter({ hasText: new RegExp(owner, 'i') })
      .waitFor();
  for (const target of ['orders-db', 'cache', 'clickhouse']) await row(target).getByRole('link', { name: 'vpc-connector' }).waitFor();
  for (const target of ['orders-db-socket', 'auth', 'no-1011', 'no-error-3']) await row(target).filter({ hasText: 'Success' }).waitFor();
  const cause = page.getByRole('listitem').filter({ has: heading(/VPC connector staging-connector/, 3) });
  for (const said of ['Infrastructure', 'critical', 'resource_not_ready', 'vpc-connector (platform) fails', 'Blocks 3 targets'])
    await cause.filter({ hasText: said }).waitFor();
  expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([expect.stringMatching(/^Cause/), 'Targets']);
  expect(await page.getByRole('banner').innerText()).toContain('Unhealthy');
  expect(await page.title()).toMatch(/^\d failures? · Overview · local$/);
  await page
    .getByRole('status')
    .filter({ hasText: /^Unhealthy: / })
    .waitFor({ state: 'attached' });
  await visit.picture('overview');
  expect(await violationsInBothThemes(page)).toEqual([]);
});

step('a target tells what to do, how it was, and what it does right now', async () => {
  await visit.press(row('orders-db').getByRole('link', { name: 'orders-db' }), 'Enter');
  await page.locator('h1:focus', { hasText: 'orders-db' }).waitFor();
  await page.getByText('blocked by vpc-connector').waitFor();
  await visit.reach(page.getByRole('radio', { name: '24 h' }));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const strip = page.getByRole('slider', { name: 'Outcomes over time' });
  await visit.reach(strip);
  await page.keyboard.press('End');
  const told = (): Promise<string | null> => strip.getAttribute('aria-valuetext');
  for (let left = 10; left > 0 && !(await told())?.includes('failure'); left -= 1) await page.keyboard.press('ArrowLeft');
  expect(await told()).toMatch(/Failure \(\d failure/);
  await page.getByRole('img', { name: /^Latency by phase\. Typically/ }).waitFor();
  await page.getByRole('heading', { name: 'Last failures' }).waitFor();
  await page.getByText('no answer within 3000 ms (in phase connect)').filter({ visible: true }).first().waitFor();
  await page.evaluate('scrollTo(0, 0)');
  await visit.picture('target', 920);
  await visit.reach(page.getByRole('button', { name: 'Run now' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page
    .getByRole('region', { name: 'Run now' })
    .filter({ hasText: 'not recorded' })
    .filter({ hasText: 'no answer within 3000 ms' })
    .waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  const opened = page.context().waitForEvent('page');
  await visit.press(page.getByRole('link', { name: 'What to do: runbook' }), 'Control+Enter');
  const runbooks = await opened;
  await runbooks.locator('#connect_timeout').waitFor();
  expect(await violationsInBothThemes(runbooks)).toEqual([]);
  await runbooks.close();
});

step('the picture shows the cause and what it blocks, and a list says the same', async () => {
  await visit.go('Dependencies');
  await page.getByRole('link', { name: /^vpc-connector, platform · cause, Failure/ }).waitFor();
  await visit.reach(page.getByRole('radio', { name: /^All / }));
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('link', { name: /^orders-db, postgres · blocked, Failure/ }).waitFor();
  await page.getByRole('link', { name: /^certificate,/ }).waitFor({ state: 'detached' });
  await visit.picture('dependencies');
  await visit.press(page.getByText('As a list'), 'Enter');
  await page.getByRole('row', { name: /^cache redis · blocked Failure/ }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

step('the log shows errors put together, and they are where Error Reporting looks for them', async () => {
  await visit.go('Logs');
  for (const { target, reason } of fault.expects) await heading(new RegExp(`${target}: failure ${reason}`), 3).waitFor();
  await page.getByRole('row').filter({ hasText: 'redis cache: failure connect_timeout' }).first().waitFor();
  await visit.picture('logs');
  expect(await violationsInBothThemes(page)).toEqual([]);
  const filter = [
    'resource.type="cloud_run_revision"',
    'resource.labels.service_name="synthetics-local-redis"',
    'jsonPayload."@type"="type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"',
    'jsonPayload.result.target="cache"',
  ].join('\nAND ');
  const request = { resourceNames: ['projects/local-project'], filter, orderBy: 'timestamp desc' };
  const { entries } = await visit.fromGoogle<{ entries: readonly object[] }>('logging/v2/entries:list', request);
  expect(entries[0]).toMatchObject({ logName: 'projects/local-project/logs/run.googleapis.com%2Fstdout', severity: 'ERROR' });
});

step('one alert opens: for the cause, to whom it concerns; what is blocked pages nobody', async () => {
  await visit.go('Alerts');
  const incident = page
    .getByRole('listitem')
    .filter({ has: heading(/a cause explains failures of critical targets, for infrastructure/, 3) });
  await incident.waitFor({ timeout: alertMs });
  const text = await incident.innerText();
  for (const said of ['critical', 'Infrastructure', 'vpc-connector', 'infrastructure-on-call', 'cause-critical-infrastructure'])
    expect(text).toContain(said);
  const blocked = page.getByRole('region', { name: /^Blocked, not paged/ });
  for (const target of ['orders-db', 'cache', 'clickhouse']) await blocked.getByRole('link', { name: target }).waitFor();
  await visit.picture('alerts');
  expect(await violationsInBothThemes(page)).toEqual([]);
  expect(await alerts()).toContainEqual(
    expect.objectContaining({
      state: 'OPEN',
      resource: { type: 'generic_task', labels: expect.objectContaining({ namespace: 'local', job: 'diagnose', task_id: 'diagnose' }) },
      metric: { type: expect.any(String), labels: expect.objectContaining({ cause: 'vpc-connector', owner: 'infrastructure' }) },
      policy: expect.objectContaining({
        severity: 'CRITICAL',
        userLabels: expect.objectContaining({ policy: 'cause-critical-infrastructure' }),
      }),
    }),
  );
  expect((await alerts()).filter(isOfTheFault)).toEqual([]);
  const channel = await visit.fromGoogle('monitoring/v3/projects/local-project/notificationChannels/infrastructure-on-call');
  expect(channel).toMatchObject({ displayName: 'Infrastructure, on call' });
});

step('once it is mended all is green again', async () => {
  await visit.go('Switches');
  await visit.press(theSwitch(), 'Space');
  await page.getByRole('switch', { name: fault.title, checked: false }).waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await visit.go('Overview');
  await heading('Healthy').waitFor();
  for (const { target } of fault.expects) await row(target).filter({ hasText: 'Success' }).waitFor();
  expect((await alerts()).filter(isOfTheFault)).toEqual([]);
});

step('a verification is followed while it goes on, and signs off', async () => {
  await visit.go('Verify');
  for (const [label, value] of [
    ['Rounds', '2'],
    ['Interval', '1s'],
    ['Issue', issue],
  ] as const) {
    await visit.reach(page.getByLabel(label));
    await page.keyboard.type(value);
  }
  const verdict = heading(/^(Signed off|Not signed off|Inconclusive)$/, 2);
  // On a busy machine there may be something of which a round can't tell.
  for (let tries = 3; tries > 0 && (await heading('Signed off', 2).count()) === 0; tries -= 1) {
    await visit.press(page.getByRole('button', { name: 'Verify' }), 'Enter');
    await page.locator('p', { hasText: /^Round \d of 2 / }).waitFor();
    expect(await verdict.count()).toBe(0);
    await verdict.waitFor();
  }
  await page.getByText('Overall Status: HEALTHY · Critical Failures: 0 · 100 % passed in 2 rounds').waitFor();
  await page.evaluate('scrollTo(0, 0)');
  await visit.picture('verify');
  await visit.press(page.getByText('Show the Markdown'), 'Enter');
  const report = await page.locator('pre').filter({ hasText: 'SIGNED OFF' }).innerText();
  expect(report).toContain(`# SIGNED OFF: verification of local for ${issue}`);
  await visit.reach(page.getByRole('button', { name: 'Copy as Markdown' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Copied').waitFor();
  expect(String(await page.evaluate('navigator.clipboard.readText()')).trim()).toBe(report.trim());
  expect(await violationsInBothThemes(page)).toEqual([]);
});

step('in all this time nothing was refused, thrown, missing, or asked of anybody else', async () => {
  expect(visit.complaints).toEqual([]);
  expect(visit.printed()).toMatch(/Alert opens: CRITICAL .* vpc-connector\n/);
  expect(visit.printed()).not.toMatch(/did not take|could not be (?:evaluated|asked)/);
});
