/** `synthetics snooze` from outside, against a stand-in of Cloud Monitoring. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { snoozeRules } from '../../deploy/monitoring/lint/snoozes';
import { applyRules } from '../../deploy/monitoring/lint/rule';
import { startPlatformStandIn, type PlatformStandIn } from '../../local/emulators/platform';
import { head, ownFolder } from '../config/written';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();
const config = folder.write(
  'synthetics.yaml',
  `${head}redis:\n  cache: { host: 10.0.0.1, port: 6379 }\n  queue: { host: 10.0.0.2, port: 6379 }\n`,
);
const ours = { 'managed-by': 'vpc-synthetics', 'synthetics-environment': 'staging' };
let platform: PlatformStandIn;

beforeAll(async () => {
  platform = await startPlatformStandIn();
});
afterAll(() => platform.close());
beforeEach(() => {
  platform.clear();
});

/** Policies of this environment, of another one, and of somebody else. */
function deployed(count: number): void {
  for (let index = 0; index < count; index += 1)
    platform.alertPolicy({ name: `projects/my-project/alertPolicies/${index}`, userLabels: { ...ours, policy: `p${index}` } });
  platform.alertPolicy({
    name: 'projects/my-project/alertPolicies/other',
    userLabels: { ...ours, 'synthetics-environment': 'production' },
  });
  platform.alertPolicy({ name: 'projects/my-project/alertPolicies/foreign' });
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function snooze(...args: string[]): Promise<Ended> {
  const env = { ...process.env, PLATFORM_EMULATOR_HOST: platform.address, GOOGLE_CLOUD_PROJECT: '', TZ: 'Europe/Berlin' };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, 'snooze', '--config', config, ...args], { env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

test('silences every policy of the environment for one target, and nothing else', async () => {
  deployed(7);
  const before = Date.now();
  const { code, stdout } = await snooze('cache', '--for', '30m', '--reason', 'restart, by Kim');
  expect(code).toBe(0);
  const made = platform.snoozes();
  expect(made.map(({ criteria }) => criteria.policies.join()).toSorted()).toEqual(
    Array.from({ length: 7 }, (_, index) => `projects/my-project/alertPolicies/${index}`),
  );
  for (const { name: _, ...sent } of made) expect(applyRules(snoozeRules, sent, {})).toEqual([]);
  expect(new Set(made.map(({ criteria }) => criteria.filter))).toEqual(
    new Set(['resource.labels.namespace="staging" AND resource.labels.job="redis" AND resource.labels.task_id="cache"']),
  );
  const [first] = made;
  expect(first?.displayName).toBe('cache in staging: restart, by Kim');
  const [start, end] = [Date.parse(first?.interval.startTime ?? ''), Date.parse(first?.interval.endTime ?? '')];
  expect(end - start).toBe(30 * 60_000);
  expect(start).toBeGreaterThanOrEqual(before - 1000);
  expect(stdout).toContain('redis cache is silent for 30m, in 7 alert policies of staging.');
  expect(stdout).toMatch(/^Until: \d+ \w+ \d{4}, \d\d:\d\d \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/m);
  expect(stdout).toMatch(
    /^for snooze in projects\/my-project\/snoozes\/\d+ .*; do gcloud monitoring snoozes cancel "\$snooze" --project=my-project; done$/m,
  );
});

test('reads all pages of policies', async () => {
  for (let index = 0; index < 1001; index += 1) platform.alertPolicy({ name: `projects/my-project/alertPolicies/x${index}` });
  deployed(1);
  const { code, stdout } = await snooze('cache', '--for', '1h', '--reason', 'x');
  expect(code).toBe(0);
  expect(platform.snoozes()).toHaveLength(1);
  expect(stdout).toMatch(/^gcloud monitoring snoozes cancel projects\/my-project\/snoozes\/\d+ --project=my-project$/m);
});

test.each([
  ['an unknown target', ['cashe', '--for', '30m', '--reason', 'x'], /"cashe" is not a target; did you mean cache\?/],
  ['a word like no target', ['zzzzzzzz', '--for', '30m', '--reason', 'x'], /is not a target; allowed: cache, queue/],
  ['no target', ['--for', '30m', '--reason', 'x'], /names no one target/],
  ['two targets', ['cache', 'queue', '--for', '30m', '--reason', 'x'], /names no one target/],
  ['no duration', ['cache', '--reason', 'x'], /--for is missing: a duration from 1m to 7d/],
  ['a duration too short', ['cache', '--for', '30s', '--reason', 'x'], /--for 30s is not a duration from 1m to 7d/],
  ['a duration too long', ['cache', '--for', '8d', '--reason', 'x'], /--for 8d is not a duration from 1m to 7d/],
  ['no reason', ['cache', '--for', '30m'], /--reason is missing/],
  ['an empty reason', ['cache', '--for', '30m', '--reason', ' '], /--reason is missing/],
  ['nothing deployed', ['cache', '--for', '30m', '--reason', 'x'], /has no alert policies of the environment staging: deploy first/],
])('%s ends with 2 and silences nothing', async (_, args, message) => {
  const { code, stderr } = await snooze(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(platform.snoozes()).toEqual([]);
});

test('policies that may not be listed end with 3, and say what is needed', async () => {
  platform.fault({ methods: ['GET'], code: 403, message: 'Permission denied' });
  const { code, stderr } = await snooze('cache', '--for', '30m', '--reason', 'x');
  platform.heal();
  expect(code).toBe(3);
  expect(stderr).toMatch(/the policies could not be listed: monitoring: Permission denied\n.*roles\/monitoring\.snoozeEditor/);
});

test('a refusal midway ends with 3, and says what was done and how to take it back', async () => {
  deployed(7);
  platform.fault({ methods: ['POST'], code: 403, message: 'no more', times: 1 });
  const { code, stderr } = await snooze('cache', '--for', '30m', '--reason', 'x');
  platform.heal();
  expect(code).toBe(3);
  expect(stderr).toMatch(/4 of 7 policies are silent for cache; the next was refused: monitoring: no more/);
  expect(stderr).toContain('To take back what was done:\nfor snooze in ');
  expect(platform.snoozes()).toHaveLength(4);
});
