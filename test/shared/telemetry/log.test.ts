/** Log lines as Cloud Logging reads them: what is written at which level, and how an entry is joined to its trace. */
import { createLog, traceFields, traceOf, type LogEntry, type LogSeverity } from '../../../shared/telemetry/log';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('the trace of a request', () => {
  test.each([
    ['01', true],
    ['00', false],
    ['03', true],
    ['02', false],
    ['ff', true],
  ])('is that of traceparent; its flags %s say whether it is sampled: %s', (flags, sampled) => {
    expect(traceOf({ traceparent: `00-${traceId}-${spanId}-${flags}` })).toEqual({ traceId, spanId, sampled });
  });

  test('may be of a later version of the standard, which may add fields', () => {
    expect(traceOf({ traceparent: `cc-${traceId}-${spanId}-01-more` })).toEqual({ traceId, spanId, sampled: true });
  });

  test.each([
    `00-${traceId.slice(1)}-${spanId}-01`,
    `00-${traceId}-${spanId.slice(1)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    `x00-${traceId}-${spanId}-01`,
    '',
  ])('is none where traceparent is %j', (traceparent) => expect(traceOf({ traceparent })).toBeUndefined());

  test.each([
    [`${traceId}/255;o=1`, { traceId, spanId: '00000000000000ff', sampled: true }],
    [`${traceId}/12345678901234567890;o=0`, { traceId, spanId: 'ab54a98ceb1f0ad2', sampled: false }],
    [`${traceId}/255`, { traceId, spanId: '00000000000000ff', sampled: false }],
    [`${traceId};o=1`, { traceId, spanId: undefined, sampled: true }],
    [traceId, { traceId, spanId: undefined, sampled: false }],
    [traceId.toUpperCase(), { traceId: traceId.toUpperCase(), spanId: undefined, sampled: false }],
  ])("is that of Google's own header, %j", (header, trace) => expect(traceOf({ 'x-cloud-trace-context': header })).toEqual(trace));

  test.each(['', traceId.slice(1), `x${traceId}/1;o=1`, '/1;o=1'])("is none where Google's header is %j", (header) => {
    expect(traceOf({ 'x-cloud-trace-context': header })).toBeUndefined();
  });

  test('is that of the standard where both are there, and none where neither is', () => {
    const google = 'f'.repeat(32);
    expect(traceOf({ traceparent: `00-${traceId}-${spanId}-01`, 'x-cloud-trace-context': google })?.traceId).toBe(traceId);
    expect(traceOf({ traceparent: 'broken', 'x-cloud-trace-context': google })?.traceId).toBe(google);
    expect(traceOf({})).toBeUndefined();
  });

  test('stands in the fields by which Cloud Logging joins entries', () => {
    expect(traceFields({ traceId, spanId, sampled: true }, 'my-project')).toEqual({
      'logging.googleapis.com/trace': `projects/my-project/traces/${traceId}`,
      'logging.googleapis.com/spanId': spanId,
      'logging.googleapis.com/trace_sampled': true,
    });
    expect(traceFields({ traceId, sampled: false }, 'p')).toEqual({
      'logging.googleapis.com/trace': `projects/p/traces/${traceId}`,
      'logging.googleapis.com/trace_sampled': false,
    });
    expect(traceFields(undefined, 'p')).toEqual({});
  });
});

describe('a log', () => {
  const severities: readonly LogSeverity[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
  const entry = (severity: LogSeverity, event: LogEntry['event'] = 'run'): LogEntry => ({ severity, event, message: 'm' });

  test.each([
    ['debug', ['DEBUG', 'INFO', 'WARNING', 'ERROR']],
    ['info', ['INFO', 'WARNING', 'ERROR']],
    ['warn', ['WARNING', 'ERROR']],
    ['error', ['ERROR']],
  ] as const)('of the level %s writes %j', (level, expected) => {
    const lines: string[] = [];
    const log = createLog(level, {}, (line) => lines.push(line));
    for (const severity of severities) log(entry(severity));
    expect(lines.map((line) => (JSON.parse(line) as LogEntry).severity)).toEqual(expected);
  });

  test('of any level writes a point that was lost, which is nowhere else', () => {
    const lines: string[] = [];
    createLog('error', {}, (line) => lines.push(line))(entry('WARNING', 'point_unwritten'));
    expect(lines).toHaveLength(1);
  });

  test('writes an entry as one line of JSON, with the fields of all', () => {
    const lines: string[] = [];
    createLog('info', { trace: 't' }, (line) => lines.push(line))({ ...entry('INFO'), message: 'two\nlines', more: [1] });
    expect(lines).toEqual(['{"severity":"INFO","event":"run","message":"two\\nlines","more":[1],"trace":"t"}']);
  });

  test('writes to standard output, one line an entry', () => {
    const written: unknown[] = [];
    const usual = Object.getOwnPropertyDescriptor(process.stdout, 'write');
    process.stdout.write = (text: unknown): boolean => written.push(text) > 0;
    try {
      const log = createLog('info');
      log(entry('INFO'));
      log(entry('ERROR', 'config'));
    } finally {
      if (usual) Object.defineProperty(process.stdout, 'write', usual);
      else Reflect.deleteProperty(process.stdout, 'write');
    }
    expect(written).toEqual(['{"severity":"INFO","event":"run","message":"m"}\n', '{"severity":"ERROR","event":"config","message":"m"}\n']);
  });

  test('tells an entry that can not be written, instead of failing the run', () => {
    const lines: string[] = [];
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    createLog('info', {}, (line) => lines.push(line))({ ...entry('INFO'), circular });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        severity: 'ERROR',
        event: 'warning',
        message: expect.stringMatching(/^an entry could not be serialised: .*circular structure/s),
      },
    ]);
  });
});
