/** What the status function reads besides points: alerts and log entries in the stand-in for the REST APIs, with times of one's choice. */
import { startPlatformStandIn, type PlatformStandIn } from '../../local/emulators/platform';
import { cutPage } from '../../local/emulators/paging';
import type { StoredLogEntry } from '../../local/emulators/platform/logging';
import { handlerOf } from '../../functions/status';
import type { Environment } from '../../shared/environment';
import { startTelling, type Telling, type Told } from './telling';

/** A status function with all that it reads. */
export interface StatusPage {
  readonly telling: Telling;
  readonly platform: PlatformStandIn;
  /** Asks, and expects the status. */
  ask(path: string, init?: RequestInit): Promise<Told>;
  /** The body of a good answer. */
  answer<T>(path: string): Promise<T>;
  /** Incidents that the API lists, the newest first. */
  readonly alerts: object[];
  /** An entry in the log of a function, so many milliseconds ago. */
  entry(kind: string, agoMs: number, fields: Readonly<Record<string, unknown>>): StoredLogEntry;
  /** A result as a function logs it. */
  result(kind: string, agoMs: number, result: Readonly<Record<string, unknown>>): StoredLogEntry;
  /** An RFC 3339 stamp of so many milliseconds ago. */
  ago(milliseconds: number): string;
  /** Begins anew: nothing is broken, known or told. */
  renew(): void;
  close(): Promise<void>;
}

export const project = 'test-project';

/** Starts the function with its emulators. */
export async function startStatusPage(sections: Readonly<Record<string, unknown>>, more: Partial<Environment> = {}): Promise<StatusPage> {
  const platform = await startPlatformStandIn();
  const environment = { platformEmulator: platform.address, service: 'synthetics-test-status', ...more };
  const telling = await startTelling(sections, environment).catch(async (error: unknown) => {
    await platform.close();
    throw error;
  });
  const ask = await telling.serve(handlerOf);
  const alerts: object[] = [];
  platform.route({
    method: 'GET',
    path: /^\/monitoring\/v3\/projects\/(?<project>[^/]+)\/alerts$/,
    handle({ query }) {
      const { items, nextPageToken } = cutPage(alerts, Number(query['pageSize'] ?? 50), query['pageToken'] ?? '', 1000);
      return { ...(items.length > 0 ? { alerts: items } : {}), ...(nextPageToken === '' ? {} : { nextPageToken }) };
    },
  });
  const ago = (milliseconds: number): string => new Date(telling.now() - milliseconds).toISOString();
  const entry: StatusPage['entry'] = (kind, agoMs, fields) => ({
    timestamp: ago(agoMs),
    severity: 'INFO',
    resource: { type: 'cloud_run_revision', labels: { service_name: `synthetics-test-${kind}` } },
    ...fields,
  });
  return {
    telling,
    platform,
    ask,
    async answer<T>(path: string) {
      const { status, body, text } = await ask(path);
      if (status !== 200) throw new Error(`${path} answers ${status}: ${text.slice(0, 300)}`);
      return body as T;
    },
    alerts,
    entry,
    result(kind, agoMs, given) {
      const result = {
        kind,
        severity: 'critical',
        outcome: 'failure',
        phase: 'connect',
        code: null,
        message: 'it failed',
        hint: 'look there',
        attempts: 2,
        durationMs: 12.5,
        findings: [],
        warnings: [],
        ...given,
      };
      const { target, outcome, reason } = result as Readonly<Record<string, unknown>>;
      const isReport = outcome === 'failure' || outcome === 'unknown';
      return entry(kind, agoMs, {
        severity: isReport ? 'ERROR' : outcome === 'success' ? 'DEBUG' : 'WARNING',
        jsonPayload: {
          event: 'result',
          message: `${kind} ${String(target)}: ${String(outcome)} ${String(reason)}\n${result.message}`,
          runId: '01RUN',
          result,
          ...(isReport && {
            '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
            serviceContext: { service: `synthetics-test-${kind}`, version: '1.0.0' },
            context: {
              reportLocation: { filePath: `functions/${kind}`, lineNumber: 1, functionName: `${String(target)}.${String(reason)}` },
            },
          }),
        },
      });
    },
    ago,
    renew() {
      platform.heal();
      platform.clear();
      alerts.length = 0;
      telling.renew();
    },
    async close() {
      await telling.close();
      await platform.close();
    },
  };
}
