import type { DependenciesAnswer } from '../../shared/status/state';
import { startStatusPage, type StatusPage } from '../support/status-page';
import { allWell as all, someTargets } from '../support/telling';

let page: StatusPage;

beforeAll(async () => {
  page = await startStatusPage(someTargets);
});
afterAll(() => page.close());
beforeEach(() => page.renew());

const dependencies = (): Promise<DependenciesAnswer> => page.answer('/api/dependencies');

describe('the picture of dependencies', () => {
  const idsOf = ({ nodes }: DependenciesAnswer): readonly string[] => nodes.map(({ id }) => id);
  const linesOf = ({ edges }: DependenciesAnswer): readonly string[] => edges.map(({ from, to }) => `${from} > ${to}`);

  test('holds all targets, the secrets that they use, and the way into the VPC', async () => {
    await page.telling.run(all);
    const answer = await dependencies();
    expect(idsOf(answer).toSorted()).toEqual([
      'secret/cache-password',
      'secret/db-password',
      ...['app', 'back', 'cache', 'db', 'front', 'store', 'way'].map((name) => `target/${name}`),
    ]);
    expect(linesOf(answer).toSorted()).toEqual([
      'target/app > secret/cache-password',
      'target/app > secret/db-password',
      'target/back > target/way',
      'target/cache > secret/cache-password',
      'target/cache > target/way',
      'target/db > secret/db-password',
      'target/db > target/way',
      'target/front > target/back',
      'target/store > target/way',
    ]);
    expect(answer.nodes.find(({ id }) => id === 'target/db')).toEqual({
      id: 'target/db',
      label: 'db',
      kind: 'postgres',
      outcome: 'success',
      cause: null,
      blockedBy: null,
    });
    expect(answer.nodes.find(({ id }) => id === 'secret/db-password')).toMatchObject({ label: 'db-password', kind: null, outcome: null });
  });

  test('leads to the way into the VPC but once, also in a circle, and leaves authorities out', async () => {
    const own = await startStatusPage({
      network: { network: 'the-network', subnet: 'the-subnet', egress: 'private-ranges-only' },
      tcp: Object.fromEntries(['a', 'b'].map((name, index) => [name, { host: `10.0.0.${index}`, port: 1 }])),
      redis: { e: { host: '10.0.0.9', tls: { ca: { secret: 'the-ca' } } } },
      platform: { database: { cloudSql: { instance: 'i' } } },
      postgres: { c: { host: '10.0.0.8', user: 'u', tls: { mode: 'disable' } } },
      dependencies: { a: ['b'], b: ['e'], database: ['c'] },
    });
    try {
      await own.telling.run({ a: 'success', b: 'success', c: 'success', database: 'success', e: 'success' });
      const answer = await own.answer<DependenciesAnswer>('/api/dependencies');
      expect(answer.nodes.filter(({ kind }) => kind === null)).toMatchObject([{ id: 'vpc-network', label: 'VPC network the-network' }]);
      expect(linesOf(answer).toSorted()).toEqual([
        'target/a > target/b',
        'target/b > target/e',
        'target/c > target/database',
        'target/c > vpc-network',
        'target/database > target/c',
        'target/e > vpc-network',
      ]);
    } finally {
      await own.close();
    }
  });

  test('shows the cause, and whom it blocks', async () => {
    const lost = 'failure connect_timeout';
    await page.telling.run({ ...all, back: lost, cache: lost, store: lost, db: lost, way: 'failure resource_not_ready' });
    const { nodes } = await dependencies();
    expect(nodes.find(({ id }) => id === 'target/way')).toMatchObject({ outcome: 'failure', cause: 'vpc-connector', blockedBy: null });
    expect(nodes.filter(({ blockedBy }) => blockedBy === 'vpc-connector').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['target/back', 'target/cache', 'target/db', 'target/store']),
    );
    expect(nodes.find(({ id }) => id === 'target/front')).toMatchObject({ outcome: 'success', blockedBy: null });
  });

  test('shows a target that is its own cause', async () => {
    await page.telling.run({ ...all, db: 'failure too_many_connections' });
    const { nodes } = await dependencies();
    expect(nodes.find(({ id }) => id === 'target/db')).toMatchObject({ cause: 'target/db', blockedBy: null });
  });

  test('shows the secret that is the cause', async () => {
    const findings = [{ subject: 'db-password', outcome: 'failure' as const, reason: null, message: '', durationMs: null }];
    await page.telling.run({ app: 'failure secret_malformed' }, { findings });
    await page.telling.run({ db: 'failure credentials_rejected', cache: 'success', back: 'success', front: 'success' });
    const { nodes } = await dependencies();
    expect(nodes.find(({ id }) => id === 'secret/db-password')).toMatchObject({ cause: 'secret/db-password', outcome: 'failure' });
    expect(nodes.find(({ id }) => id === 'target/db')).toMatchObject({ blockedBy: 'secret/db-password' });
  });

  test('holds each id once, and every line leads from one to another', async () => {
    const lost = 'failure dns_unavailable';
    await page.telling.run({ ...all, front: lost, back: lost, cache: 'failure connect_timeout' });
    const answer = await dependencies();
    const ids = idsOf(answer);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { from, to } of answer.edges) expect([ids.includes(from), ids.includes(to), from === to]).toEqual([true, true, false]);
  });
});
