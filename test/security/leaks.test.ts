/** No secret leaves the process, whatever it looks like, wherever it was said, and however a server says it back. */
import { pick, shuffled } from '../shared/diagnose/random-graphs';
import { chanceFor, countOf, seed, tellCampaign } from './campaign';
import { encodingNames } from './echoes';
import { sorts } from './planted-values';
import { startPlanted, urlSecrets, type Planted } from './planted';
import { traceOf } from './traces';

jest.setTimeout(3_600_000);

let planted: Planted;
beforeAll(async () => {
  planted = await startPlanted();
});
afterAll(() => planted.close());

const rounds = countOf('FUZZ_SECRETS', 1);
/** How many targets are told each value; over all values, each target has its turn. */
const turns = countOf('FUZZ_SECRET_TARGETS', 6);
const formats: readonly (readonly [string, Record<string, string>])[] = [
  ['json', {}],
  ['text', {}],
  ['json', { 'Synthetic-Execution-Id': 'x' }],
];
let asked = 0;
const outcomes: Record<string, number> = {};

/** Makes the value the secret, as it is and as the password in URLs. */
function plant(value: string, encoding: string): void {
  planted.secrets.put('planted', { value });
  const ports: Readonly<Record<string, number>> = {
    http: planted.servers.http,
    redis: planted.servers.redis,
    postgresql: planted.servers.postgres,
  };
  for (const [name, scheme] of Object.entries(urlSecrets)) {
    const path = scheme === 'http' ? `unauthorized/${encoding}` : scheme === 'redis' ? '0' : 'app';
    planted.secrets.put(name, { value: `${scheme}://app:${encodeURIComponent(value.toWellFormed())}@127.0.0.1:${ports[scheme]}/${path}` });
  }
  planted.servers.set(value, encoding);
}

/** Asks for one target, and tells all that left the process because of it. */
async function said(kind: string, target: string, [format, headers]: (typeof formats)[number]): Promise<string> {
  asked += 1;
  const url = `${planted.hosted[kind]?.url}?target=${target}&format=${format}`;
  const response = await fetch(url, { headers });
  const text = await response.text();
  const outcome = /"reason":"(\w+)"/.exec(text)?.[1] ?? 'none';
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const points = JSON.stringify(planted.monitoring.series());
  planted.monitoring.clear();
  return [JSON.stringify([...response.headers]), text, planted.logged(), points].join('\n');
}

test.each(Object.keys(sorts))('a secret %s', async (sort) => {
  const number = Object.keys(sorts).indexOf(sort);
  const chance = chanceFor(number);
  const all = shuffled(
    Object.entries(planted.targets).flatMap(([kind, names]) => names.map((target) => ({ kind, target }))),
    chanceFor(-1),
  );
  for (let round = 0; round < rounds; round += 1) {
    const value = sorts[sort]?.(chance) ?? '';
    const encoding = pick(encodingNames, chance);
    plant(value, encoding);
    const first = (number + round * Object.keys(sorts).length) * turns;
    const taken = Array.from({ length: Math.min(turns, all.length) }, (_, index) => all[(first + index) % all.length]);
    for (const { kind, target } of taken.filter((each) => each !== undefined)) {
      const left = await said(kind, target, pick(formats, chance));
      const trace = traceOf(value, left, planted.configuration);
      expect({ kind, target, encoding, seed, round, value: value.slice(0, 300), trace }).toHaveProperty('trace', undefined);
    }
  }
});

test('the servers did say it back, and the errors were of many sorts', () => {
  tellCampaign('secrets', { values: rounds * Object.keys(sorts).length, runs: asked, echoes: planted.servers.echoes() });
  expect(planted.servers.echoes()).toBeGreaterThan(asked / 2);
  expect(Object.keys(outcomes).length).toBeGreaterThan(6);
});
