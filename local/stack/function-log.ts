/** What a function prints, as Cloud Run puts it into Cloud Logging (Cloud Run, "Logging"; Cloud Logging, "Structured logging"). */
import type { StoredLogEntry } from '../emulators/platform/logging';

/** Which function it is, and where. */
export interface LogSource {
  readonly project: string;
  readonly location: string;
  /** Its Cloud Run service. */
  readonly service: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields that the logging agent moves out of the payload, and where they go. */
const moved: Readonly<Record<string, string>> = {
  severity: 'severity',
  httpRequest: 'httpRequest',
  'logging.googleapis.com/insertId': 'insertId',
  'logging.googleapis.com/labels': 'labels',
  'logging.googleapis.com/operation': 'operation',
  'logging.googleapis.com/sourceLocation': 'sourceLocation',
  'logging.googleapis.com/spanId': 'spanId',
  'logging.googleapis.com/trace': 'trace',
  'logging.googleapis.com/trace_sampled': 'traceSampled',
};

let lastInsertId = 0;

/** Where a line was printed. */
export type LogStream = 'stdout' | 'stderr';

/** A line of a stack of calls, which belongs to the text before it: Cloud Run keeps an exception in one entry. */
const frame = /^\s+at /;

/**
 * Makes the log of one function.
 * @param add told each entry; the text of one may grow as long as lines of its stack of calls follow
 * @returns what takes the lines; `at` is when one came, RFC 3339
 */
export function createFunctionLog(
  source: LogSource,
  add: (entry: StoredLogEntry) => void,
): (line: string, stream: LogStream, at: string) => void {
  const last = new Map<LogStream, Pick<StoredLogEntry, 'timestamp'> & { textPayload?: unknown }>();
  return (line, stream, at) => {
    const before = last.get(stream);
    if (frame.test(line) && typeof before?.textPayload === 'string') {
      before.textPayload += `\n${line}`;
      return;
    }
    const entry = logEntryOf(line, stream, at, source);
    last.set(stream, entry);
    add(entry);
  };
}

function logEntryOf(line: string, stream: LogStream, at: string, source: LogSource): StoredLogEntry {
  const { project, location, service } = source;
  const fields = objectIn(line);
  const taken = Object.entries(fields ?? {}).filter(([key]) => key in moved);
  const { time, ...payload } = Object.fromEntries(Object.entries(fields ?? {}).filter(([key]) => !(key in moved))) as Fields;
  const hasTime = typeof time === 'string' && !Number.isNaN(Date.parse(time));
  return {
    insertId: (lastInsertId += 1).toString(16).padStart(16, '0'),
    logName: `projects/${project}/logs/run.googleapis.com%2F${stream}`,
    resource: {
      type: 'cloud_run_revision',
      labels: { project_id: project, location, service_name: service, configuration_name: service, revision_name: `${service}-00001-lcl` },
    },
    timestamp: hasTime ? time : at,
    receiveTimestamp: at,
    ...payloadOf(line, fields && { ...payload, ...(time === undefined || hasTime ? {} : { time }) }),
    ...Object.fromEntries(taken.map(([key, value]) => [moved[key], value])),
  };
}

/** An object of which only its message is left is text. */
function payloadOf(line: string, fields: Fields | undefined): Fields {
  if (!fields) return { textPayload: line };
  const { message, ...rest } = fields;
  return typeof message === 'string' && Object.keys(rest).length === 0 ? { textPayload: message } : { jsonPayload: fields };
}

function objectIn(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}
