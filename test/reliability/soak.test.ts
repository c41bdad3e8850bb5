/** Many runs in one process, most of them failing in every way there is: nothing is left of any of them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { startCompany, type Company, type Members } from './company';
import { growing, settled, slopeOf } from './holdings';
import type { SoakOrder, SoakTold } from './soak-program';
import { throwables } from './hostile-throwables';
import { seedsOf } from './whims';
import { places } from './wild-kind';

const runs = Number(process.env['SOAK_RUNS'] ?? 300);
const [seed = 1] = seedsOf(1);

let company: Company;
let monitoring: MonitoringEmulator;
let secrets: SecretManagerEmulator;
let folder: string;
beforeAll(async () => {
  [company, monitoring, secrets, folder] = await Promise.all([
    startCompany(),
    startMonitoringEmulator(),
    startSecretManagerEmulator(),
    temporaryFolder('vpc-synthetics-soak-'),
  ]);
  secrets.put('redis-password', { value: 'a-password-of-redis' });
});
afterAll(async () => {
  await Promise.all([company.close(), monitoring.close(), secrets.close()]);
  await rm(folder, { recursive: true });
});

let configs = 0;

/** Carries it out in a process of its own. */
async function soaked(members: Members, order: Pick<SoakOrder, 'runs' | 'lanes' | 'each'>): Promise<SoakTold> {
  const sections: Record<string, Record<string, unknown>> = {};
  const common = { schedule: '* * * * *', timeout: '150ms', confirm: { attempts: 2, interval: '10ms' } };
  for (const [name, { kind, isWell, spec }] of Object.entries(members))
    (sections[kind] ??= {})[name] = { ...common, ...(isWell ? { timeout: '5s' } : {}), ...spec };
  const config = join(folder, `${(configs += 1)}.json`);
  await writeFile(config, JSON.stringify({ environment: 'test', project: 'test-project', region: 'us-central1', ...sections }));
  const child = fork(join(__dirname, 'soak-program.js'), { execArgv: ['--expose-gc'] });
  const environment = { logLevel: 'error', monitoringEmulator: monitoring.address, secretManagerEmulator: secrets.address } as const;
  child.send({ config, environment, seed, ...order } satisfies SoakOrder);
  const exited = once(child, 'exit');
  const [told] = (await Promise.race([
    once(child, 'message'),
    exited.then((how) => Promise.reject(new Error(`ended with ${String(how)}`))),
  ])) as [SoakTold];
  await exited;
  return told;
}

test(`${runs} runs leave nothing behind, seed ${seed}`, async () => {
  const port = company.port;
  const wild = Object.keys(throwables).map((throws, index) => [
    `wild-${throws}`,
    { kind: 'wild', isWell: false, spec: { port, throws, at: places[index % 8] ?? 'part' } },
  ]);
  const deaf = ['outside', 'phase', 'within', 'part', 'aside'].map((waits) => [
    `deaf-${waits}`,
    { kind: 'wild', isWell: false, spec: { port, waits } },
  ]);
  const redis = company.members['well-redis']?.spec ?? {};
  const secret = ['redis-password', 'not-there'].map((name) => [
    `${name}-redis`,
    { kind: 'redis', isWell: false, spec: { ...redis, password: { secret: name } } },
  ]);
  // More at once than Node lets listen to one signal without a warning.
  const many = Array.from({ length: 15 }, (_, index) => `many-${index}`);
  for (const name of many) secrets.put(name, { value: `value of ${name}` });
  const { url } = company.members['well-http']?.spec ?? {};
  const crowds: Members = {
    'many-secrets': {
      kind: 'http',
      isWell: true,
      spec: { url, headers: Object.fromEntries(many.map((name) => [`x-${name}`, `\${secret:${name}}`])) },
    },
    'many-users': { kind: 'journey', isWell: true, spec: { users: 15, steps: [{ name: 'look', http: { url } }] } },
  };
  const members = { ...company.members, ...crowds, ...(Object.fromEntries([...wild, ...deaf, ...secret]) as Members) };
  const { holdings, warnings, outcomes, points } = await soaked(members, { runs, lanes: 16, each: 6 });
  const late = settled(holdings);
  const megabytes = (of: (holding: (typeof holdings)[number]) => number): readonly number[] =>
    holdings.map((each) => Math.round(of(each) / 1e5) / 10);
  const samples = { memory: megabytes(({ memory }) => memory), rss: megabytes(({ rss }) => rss) };
  const figures = { seed, runs, bytesARun: Math.round(slopeOf(late)), from: late[0], to: late.at(-1), samples, points };
  process.stdout.write(`soak: ${JSON.stringify(figures)}\nsoak, outcomes: ${JSON.stringify(outcomes)}\n`);
  expect(warnings).toEqual([]);
  expect(growing(holdings)).toEqual([]);
  expect(points['unwritten']).toBe(0);
  for (const kind of ['tcp', 'http', 'redis', 'postgres', 'websocket', 'journey'])
    expect([kind, (outcomes[`${kind} success`] ?? 0) > 0, (outcomes[`${kind} failure`] ?? 0) > 0]).toEqual([kind, true, true]);
}, 3_600_000);

const leaks = {
  socket: [/^descriptors/, /^sockets/],
  timer: [/^timers/],
  listener: [/^listeners of the process/, /^listeners of a lasting signal/],
  memory: [/^memory/],
} as const;

test('a leak of each sort is seen, and nothing else', async () => {
  const order = { runs: 100, lanes: 4, each: 1 };
  const told = await Promise.all(
    Object.keys(leaks).map((sort) =>
      soaked({ leaky: { kind: 'leaky', isWell: true, spec: { port: company.port, leaks: sort, timeout: '5s' } } }, order),
    ),
  );
  for (const [index, [sort, patterns]] of Object.entries(leaks).entries()) {
    const { holdings, warnings } = told[index] ?? { holdings: [], warnings: [] };
    const found = growing(holdings);
    for (const pattern of patterns) expect([sort, found]).toEqual([sort, expect.arrayContaining([expect.stringMatching(pattern)])]);
    expect([sort, found.filter((each) => !patterns.some((pattern) => pattern.test(each)))]).toEqual([sort, []]);
    expect(warnings.some((warning) => warning.startsWith('MaxListenersExceededWarning'))).toBe(sort === 'listener');
  }
}, 120_000);
