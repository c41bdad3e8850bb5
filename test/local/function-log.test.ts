/** What a function prints becomes an entry as Cloud Run makes it. */
import { createFunctionLog, type LogStream } from '../../local/stack/function-log';
import { createLogStore } from '../../local/emulators/platform/log-store';

const source = { project: 'p', location: 'us-central1', service: 'synthetics-local-redis' };
const at = '2026-01-01T00:00:00.000Z';
type Entry = Readonly<Record<string, unknown>>;

function entriesOf(...lines: readonly (readonly [line: string, stream: LogStream])[]): readonly Entry[] {
  const entries: Entry[] = [];
  const log = createFunctionLog(source, (entry) => entries.push(entry));
  for (const [line, stream] of lines) log(line, stream, at);
  return entries;
}

const entryOf = (line: string, stream: LogStream = 'stdout'): Entry => entriesOf([line, stream])[0] ?? {};

test('a line of text is text, where it was printed, of its service', () => {
  expect(entryOf('(node:1) Warning: nothing', 'stderr')).toEqual({
    insertId: expect.stringMatching(/^[0-9a-f]{16}$/),
    logName: 'projects/p/logs/run.googleapis.com%2Fstderr',
    resource: {
      type: 'cloud_run_revision',
      labels: {
        project_id: 'p',
        location: 'us-central1',
        service_name: 'synthetics-local-redis',
        configuration_name: 'synthetics-local-redis',
        revision_name: 'synthetics-local-redis-00001-lcl',
      },
    },
    timestamp: at,
    receiveTimestamp: at,
    textPayload: '(node:1) Warning: nothing',
  });
});

test("a JSON object is the payload, and its special fields are the entry's own", () => {
  const line = {
    severity: 'ERROR',
    event: 'result',
    message: 'down',
    '@type': 'type.googleapis.com/x.ReportedErrorEvent',
    time: '2025-12-31T23:59:59.5Z',
    'logging.googleapis.com/trace': 'projects/p/traces/t',
    'logging.googleapis.com/spanId': 's',
    'logging.googleapis.com/trace_sampled': true,
    'logging.googleapis.com/labels': { owner: 'operator' },
  };
  const { jsonPayload, ...entry } = entryOf(JSON.stringify(line));
  expect(jsonPayload).toEqual({ event: 'result', message: 'down', '@type': 'type.googleapis.com/x.ReportedErrorEvent' });
  expect(entry).toMatchObject({
    severity: 'ERROR',
    timestamp: '2025-12-31T23:59:59.5Z',
    receiveTimestamp: at,
    trace: 'projects/p/traces/t',
    spanId: 's',
    traceSampled: true,
    labels: { owner: 'operator' },
  });
});

test('an object of which only its message is left is text', () => {
  expect(entryOf('{"severity":"INFO","message":"hello"}')).toMatchObject({ severity: 'INFO', textPayload: 'hello' });
});

test.each(['{', '{"a":', '[1]', 'null', '{} and more', ''])('%j is text', (line) => {
  expect(entryOf(line)).toMatchObject({ textPayload: line, timestamp: at });
});

test('a time that is none stays in the payload', () => {
  expect(entryOf('{"time":"soon","message":"m"}')).toMatchObject({ timestamp: at, jsonPayload: { time: 'soon', message: 'm' } });
});

test('an exception with its stack of calls is one entry, whatever is printed elsewhere meanwhile', () => {
  const entries = entriesOf(
    ['Error: broken', 'stderr'],
    ['    at first (a.js:1:1)', 'stderr'],
    ['{"message":"m","event":"run"}', 'stdout'],
    ['    at second (b.js:2:2)', 'stderr'],
    ['    at nothing before it', 'stdout'],
    ['Node.js v24', 'stderr'],
  );
  expect(entries.map(({ textPayload, jsonPayload }) => textPayload ?? jsonPayload)).toEqual([
    'Error: broken\n    at first (a.js:1:1)\n    at second (b.js:2:2)',
    { message: 'm', event: 'run' },
    '    at nothing before it',
    'Node.js v24',
  ]);
});

test('of very many entries the newest are kept, and some can be taken away', () => {
  const log = createLogStore(100);
  const entry = (index: number): { readonly timestamp: string; readonly insertId: string } => ({ timestamp: at, insertId: String(index) });
  const remove = log.add('p', [entry(-1)]);
  remove();
  for (let index = 0; index < 1000; index += 1) log.add('p', [entry(index)]);
  const kept = log.of('p');
  expect(kept.length).toBeGreaterThanOrEqual(100);
  expect(kept.length).toBeLessThanOrEqual(105);
  expect(kept.at(-1)).toEqual(entry(999));
  expect(log.of('another')).toEqual([]);
});
