import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { contextOf } from '../../deploy/plan/build';
import { kinds } from '../../functions/kinds';
import { jobsOf, type Scheduler, startScheduler } from '../../local/stack/scheduler';
import { loadedOf } from '../support/planning';

/** What came, and what is answered. */
let calls: { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: unknown }[] = [];
let answers: Readonly<Record<string, readonly [status: number, document: object]>> = {};
let server: Server;
let scheduler: Scheduler | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      calls.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(await text(request)) as unknown });
      const [status, document] = answers[request.url ?? ''] ?? [404, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    };
    void answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => scheduler?.stop());
afterAll(() => void server.close());

const url = (kind: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${kind}`;
const services = [
  { name: 'diagnose', title: 'Diagnosis', schedule: '* * * * *' },
  { name: 'status', title: 'Status' },
];
const loaded = loadedOf({ redis: { a: { host: 'a' }, b: { host: 'b', schedule: '*/5 * * * *' } } });
const { jobs, others } = jobsOf(contextOf(loaded, { kinds, services }));

test('a function with targets is called for them by each of their schedules, one without targets by its own', async () => {
  calls = [];
  answers = { '/redis': [200, { results: [] }], '/diagnose': [200, { causes: [] }] };
  const told: string[] = [];
  scheduler = startScheduler({
    jobs,
    others,
    url,
    onReport: ({ name }) => told.push(name),
    onProblem: ({ name }, _, message) => told.push(`${name}: ${message}`),
  });
  await scheduler.firstRound;
  expect(told.toSorted()).toEqual(['synthetics-test-redis-0', 'synthetics-test-redis-500']);
  expect(calls.map((call) => `${call.url} ${JSON.stringify(call.body)}`).toSorted()).toEqual([
    '/diagnose {}',
    '/redis {"targets":["a"],"shard":0}',
    '/redis {"targets":["b"],"shard":500}',
  ]);
  for (const { headers } of calls) expect(headers['x-cloudscheduler']).toBe('true');
});

test('what a function without targets could not do is told, with no targets', async () => {
  answers = { '/diagnose': [500, { outcome: 'unknown', reason: 'api_denied', message: 'denied', causes: [] }] };
  const told: unknown[] = [];
  scheduler = startScheduler({
    jobs: [],
    others,
    url,
    onReport: () => told.push('a report'),
    onProblem: ({ kind }, targets, message) => told.push([kind, targets, message]),
  });
  await scheduler.firstRound;
  expect(told).toEqual([['diagnose', [], 'denied']]);
});
