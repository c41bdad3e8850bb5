/** The stand-in of Cloud Logging's `entries.list`: filters, order, pages, refusals. */
import { parseLogFilter } from '../../../local/emulators/platform/log-filter';
import { startPlatformStandIn, type PlatformStandIn } from '../../../local/emulators/platform';

const entry = {
  timestamp: '2026-01-05T08:00:00.5Z',
  severity: 'ERROR',
  textPayload: 'closed with code 1011 (internal)',
  resource: { type: 'cloud_run_revision', labels: { service_name: 'backend' } },
  jsonPayload: { attempts: 3, ok: false, '@type': 'type.googleapis.com/x', result: { target: 'cache' }, labels: { 'a.b/c': 'd' } },
};

test.each([
  ['', true],
  ['textPayload:"1011"', true],
  ['textPayload:1011', true],
  ['textPayload:"1012"', false],
  ['"INTERNAL"', true],
  ['"backend"', true],
  ['nonsense', false],
  ['severity>=ERROR', true],
  ['severity>ERROR', false],
  ['severity=error', true],
  ['severity<CRITICAL AND severity>=WARNING', true],
  ['timestamp>="2026-01-05T08:00:00Z"', true],
  ['timestamp>="2026-01-05T08:00:01Z"', false],
  ['timestamp<"2026-01-05T09:00:00+01:00"', false],
  ['jsonPayload.attempts>2', true],
  ['jsonPayload.attempts=3.0', true],
  ['jsonPayload.ok=false', true],
  ['resource.type="cloud_run_revision"\nresource.labels.service_name="backend"', true],
  ['resource.type="cloud_run_revision"\nresource.labels.service_name="other"', false],
  ['resource.labels.service_name=("other" OR "backend")', true],
  ['resource.labels.service_name=~"^back"', true],
  ['resource.labels.service_name!~"^back"', false],
  ['textPayload:* AND NOT protoPayload:*', true],
  ['protoPayload.methodName!="x"', false],
  ['NOT protoPayload.methodName="x"', true],
  ['-textPayload:"1012"', true],
  ['"absent" OR "1011" AND "other"', false],
  ['("absent" AND "other") OR "1011"', true],
  ['"1011" -- "absent"', true],
  ['jsonPayload."@type"="type.googleapis.com/x"', true],
  ['jsonPayload."@type"="type.googleapis.com/y"', false],
  ['jsonPayload."@type":*', true],
  ['jsonPayload."@kind":*', false],
  ['jsonPayload.labels."a.b/c"="d" AND severity>=error', true],
  ['jsonPayload.result.target="cache" jsonPayload.result.target:("cache" OR "other")', true],
  ['severity>=DEFAULT', true],
  ['textPayload:"say \\"hi\\""', false],
])('the filter %j: %s', (filter, matches) => {
  expect(parseLogFilter(filter)(entry)).toBe(matches);
});

test.each(['textPayload:', '(severity=ERROR', 'severity=ERROR)', 'AND severity=ERROR', '= 5', 'textPayload="open', 'a = (b OR )'])(
  'the filter %j can not be parsed',
  (filter) => {
    expect(() => parseLogFilter(filter)).toThrow('Unparseable filter');
  },
);

test('an entry without a severity has the lowest', () => {
  const plain = { timestamp: '2026-01-05T08:00:00Z', textPayload: 'x' };
  expect(['severity=DEFAULT', 'severity<INFO', 'severity>=INFO'].map((filter) => parseLogFilter(filter)(plain))).toEqual([
    true,
    true,
    false,
  ]);
});

describe('listing', () => {
  let standIn: PlatformStandIn;
  beforeEach(async () => {
    standIn = await startPlatformStandIn();
  });
  afterEach(() => standIn.close());

  const list = async (body: object): Promise<[number, { entries?: { textPayload: string }[]; nextPageToken?: string }]> => {
    const response = await fetch(`http://${standIn.address}/logging/v2/entries:list`, { method: 'POST', body: JSON.stringify(body) });
    return [response.status, (await response.json()) as { entries?: { textPayload: string }[] }];
  };
  const resourceNames = ['projects/p'];
  const at = (second: number): { timestamp: string; textPayload: string } => ({
    timestamp: `2026-01-05T08:00:0${second}Z`,
    textPayload: String(second),
  });

  test('gives the project its own entries, in order, by pages', async () => {
    standIn.log('p', at(2), at(1), at(3));
    standIn.log('other', at(4));
    const [, first] = await list({ resourceNames, orderBy: 'timestamp desc', pageSize: 2 });
    expect(first.entries?.map(({ textPayload }) => textPayload)).toEqual(['3', '2']);
    const [, second] = await list({ resourceNames, orderBy: 'timestamp desc', pageSize: 2, pageToken: first.nextPageToken });
    expect(second).toEqual({ entries: [at(1)] });
    const [, ascending] = await list({ resourceNames });
    expect(ascending).toEqual({ entries: [at(1), at(2), at(3)] });
  });

  test('gives nothing where nothing is', async () => {
    const undo = standIn.log('p', at(1));
    undo();
    expect(await list({ resourceNames })).toEqual([200, {}]);
  });

  test.each([
    {},
    { resourceNames, orderBy: 'severity' },
    { resourceNames, pageSize: 1001 },
    { resourceNames, pageSize: -1 },
    { resourceNames, pageToken: 'nonsense' },
    { resourceNames, filter: 'a =' },
    { resourceNames, filter: 'x'.repeat(20_001) },
  ])('refuses %j', async (body) => {
    const [status, answer] = await list(body);
    expect(status).toBe(400);
    expect(answer).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
  });
});

test('Compute Engine and Cloud SQL keep to the older form of errors', async () => {
  const standIn = await startPlatformStandIn();
  const found = await Promise.all(
    ['/compute/v1/projects/p/global/sslCertificates/c', '/sqladmin/v1/projects/p/instances/i', '/run/v2/projects/p/x'].map(async (path) => {
      const response = await fetch(`http://${standIn.address}${path}`);
      return [response.status, await response.json()] as const;
    }),
  );
  const older = (message: string): object => ({
    error: { code: 404, message, errors: [{ message, domain: 'global', reason: 'notFound' }] },
  });
  expect(found).toEqual([
    [404, older("The resource 'projects/p/global/sslCertificates/c' was not found")],
    [404, older('The Cloud SQL instance does not exist.')],
    [404, { error: { code: 404, message: "Resource 'projects/p/x' was not found", status: 'NOT_FOUND' } }],
  ]);
  await standIn.close();
});
