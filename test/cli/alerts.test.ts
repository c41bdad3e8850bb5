import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { alertPolicies } from '../../deploy/alerts/policies';
import { play } from '../../deploy/alerts/replay/judge';
import { scenariosFor } from '../../deploy/alerts/replay/scenarios';
import { timelineOf } from '../../deploy/alerts/replay/timeline';
import { head, ownFolder } from '../config/written';
import { planned } from '../deploy/alerts/planned';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();
const routes = 'alerts: { routes: [{ severity: critical, owner: infrastructure, channels: [projects/p/notificationChannels/7] }] }\n';
const databases = 'postgres: { orders: { host: db.internal, user: u, password: p } }\n';

function alertsTest(args: readonly string[], path?: string): { status: number | null; stdout: string; stderr: string } {
  const config = folder.write('synthetics.yaml', head + databases + routes);
  const env = { ...process.env, SYNTHETICS_CONFIG: '', ...(path !== undefined && { PATH: path }) };
  return spawnSync(process.execPath, [program, 'alerts', ...args, '--config', config], { env, encoding: 'utf8', timeout: 120_000 });
}

describe('synthetics alerts test', () => {
  test('shows a scenario minute by minute, who is told, from when to when, and by which channel', () => {
    const { status, stdout, stderr } = alertsTest(['test', '--scenario', 'short-outage']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('postgres/orders                    ........FF....');
    expect(stdout).toContain('down-critical-infrastructure-1m    -----------#####---');
    expect(stdout).toContain('1 incident: fires in minute 11, closes after 15 -> projects/p/notificationChannels/7');
    expect(stdout).toContain('Every scenario went as expected.');
  });

  test('names the scenarios there are when it is asked for another', () => {
    const { status, stderr } = alertsTest(['test', '--scenario', 'nonsense']);
    expect(status).toBe(2);
    expect(stderr).toContain('there is no scenario "nonsense" for this configuration; allowed: blip, short-outage, outage');
  });

  test('says how to get promtool where it is missing', () => {
    const { status, stderr } = alertsTest(['test', '--scenario', 'blip'], dirname(process.execPath));
    expect(status).toBe(2);
    expect(stderr).toMatch(/promtool was not found on the PATH.*apt-get install prometheus.*brew install prometheus/);
  });

  test('knows nothing but test', () => {
    expect(alertsTest(['list'])).toMatchObject({ status: 2, stderr: expect.stringContaining('allowed: alerts test') as string });
  });
});

describe('the way into the VPC is down', () => {
  const web = 'http: { shop: { url: "https://shop.example.com/", public: true } }\n';
  const titlesOf = (yaml: string): readonly string[] =>
    scenariosFor(planned(yaml)).flatMap(({ name, title }) => (name.startsWith('connector-down') ? [title] : []));

  test('is told of what lies behind it, and of nothing that is reached without it', () => {
    expect(titlesOf(web)).toEqual([]);
    const [title] = titlesOf(`${web}${databases}network: { connector: vpc }\n`);
    expect(title).toBe('the VPC connector is down, one target fails, and a cause explains it: one page');
  });

  test('speaks of no connector where there is none', () => {
    const [title] = titlesOf(`${databases}network: { network: main, subnet: functions }\n`);
    expect(title).toBe('the network of the VPC is down, one target fails, and a cause explains it: one page');
  });
});

describe('a scenario that does not go as expected', () => {
  const context = planned(databases);
  const [, shortOutage] = scenariosFor(context);
  test('is told: nobody notices', async () => {
    if (!shortOutage) throw new Error('there is no such scenario');
    const outcome = await play(shortOutage, [], context);
    expect(outcome.wrong).toEqual(['^down-critical-infrastructure-1m(-\\d+)?$ was told 0 times, not 1']);
    expect(timelineOf(outcome, []).at(-1)).toMatch(/^ {2}WRONG: /);
  });
  test('is told: somebody is woken up who should not be', async () => {
    if (!shortOutage) throw new Error('there is no such scenario');
    const outcome = await play({ ...shortOutage, expects: [] }, alertPolicies(context), context);
    expect(outcome.wrong).toEqual(['down-critical-infrastructure-1m fires for orders in minute 10, and should not']);
  });
});
