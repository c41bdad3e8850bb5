/** Points at times of one's choice, as the functions of the kinds write them; and the functions that read them, at the same time. */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { createMonitoring, type Monitoring } from '../../shared/cloud/monitoring';
import type { Config, Target } from '../../shared/config/config';
import { loadConfig } from '../../shared/config/load';
import type { Environment } from '../../shared/environment';
import { domainOf, ownerOf, type Reason } from '../../shared/reasons';
import type { Outcome, Result } from '../../shared/result';
import type { HandlerMaker } from '../../shared/serve/handler';
import { pointsOf } from '../../shared/telemetry/points';
import { host, type Hosted } from './framework';

/** What a run said: `success`, or an outcome with its reason, e.g. `failure connect_timeout`. */
export type Said = 'success' | `${'degraded' | 'failure' | 'unknown'} ${Reason}`;

/** A run in which each of `someTargets` works. */
export const allWell: Readonly<Record<string, Said>> = {
  front: 'success',
  back: 'success',
  cache: 'success',
  store: 'success',
  db: 'success',
  way: 'success',
  app: 'success',
};

/** Everything around the functions that read. */
export interface Telling {
  readonly config: Config;
  readonly monitoring: MonitoringEmulator;
  /** The client that writes, and can read. */
  readonly client: Monitoring;
  /** Lines of the log so far. */
  readonly logged: Record<string, unknown>[];
  /** Milliseconds since 1970, for the functions and for Cloud Monitoring. */
  readonly now: () => number;
  /** Lets time go by. */
  pass(milliseconds: number): void;
  /** A run of these targets, done now. */
  run(said: Readonly<Record<string, Said>>, more?: Partial<Result>): Promise<void>;
  /** Questions so far. */
  readonly questions: () => number;
  /** Serves a function. */
  serve(handlerOf: HandlerMaker): Promise<(path: string, init?: RequestInit) => Promise<Told>>;
  /** The function that was served last. */
  readonly hosted: () => Hosted;
  /** Forgets all points. */
  clear(): void;
  /** Begins anew: nothing is broken, known or told, and an hour passes, so that whatever was read and kept is forgotten. */
  renew(): void;
  close(): Promise<void>;
}

/** An answer. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
}

function resultOf(target: Target, said: Said, at: number, more: Partial<Result> = {}): Result {
  const [outcome, reason = null] = said.split(' ') as [Outcome, Reason?];
  const serviceOwner = kinds.find(({ name }) => name === target.kind)?.serviceOwner;
  return {
    kind: target.kind,
    target: target.name,
    severity: target.severity,
    outcome,
    reason,
    domain: reason && domainOf(reason),
    owner: reason && ownerOf(reason, serviceOwner),
    phase: null,
    code: null,
    message: '',
    hint: null,
    startedAt: new Date(at - 20).toISOString(),
    durationMs: 20,
    phases: { connect: 5, request: 15 },
    observed: {},
    warnings: [],
    findings: [],
    attempts: 1,
    firstOutcome: outcome,
    ...more,
  };
}

let served = 0;

/**
 * Starts Cloud Monitoring and loads the configuration; it is some time of today.
 * @param besides what the environment of the functions says, too, e.g. where the stand-in for the REST APIs is
 */
export async function startTelling(sections: Readonly<Record<string, unknown>>, besides: Partial<Environment> = {}): Promise<Telling> {
  let time = Date.now();
  const now = (): number => time;
  const monitoring = await startMonitoringEmulator({ clock: now });
  const folder = await temporaryFolder('vpc-synthetics-telling-');
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ environment: 'test', project: 'test-project', region: 'us-central1', ...sections }));
  const config = loadConfig(path, kinds);
  const client = createMonitoring(config.project, monitoring.address);
  const logged: Record<string, unknown>[] = [];
  const all: Hosted[] = [];
  const targetOf = (name: string): Target => {
    const target = config.targets.find((each) => each.name === name);
    if (!target) throw new Error(`no target ${name}`);
    return target;
  };
  return {
    config,
    monitoring,
    client,
    logged,
    now,
    pass: (milliseconds) => void (time += milliseconds),
    async run(said, more) {
      const points = Object.entries(said).flatMap(([name, each]) => pointsOf(resultOf(targetOf(name), each, time, more), config, time));
      const sent = await client.send(points);
      if (sent.written !== points.length) throw new Error(`not written: ${sent.problem}`);
    },
    questions: () => monitoring.calls()['ListTimeSeries'] ?? 0,
    async serve(handlerOf) {
      served += 1;
      const environment = { logLevel: 'info', configPath: path, monitoringEmulator: monitoring.address, ...besides } as const;
      const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
      const hosted = await host(`told${served}`, handlerOf(kinds, folder, { environment, write, now }));
      all.push(hosted);
      return async (where, init) => {
        const response = await fetch(new URL(where, hosted.url), init);
        const text = await response.text();
        const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
        return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as unknown) : undefined };
      };
    },
    hosted() {
      const last = all.at(-1);
      if (!last) throw new Error('no function is served');
      return last;
    },
    clear: () => monitoring.clear(),
    renew() {
      monitoring.heal();
      monitoring.clear();
      logged.length = 0;
      time += times.hour;
    },
    async close() {
      await Promise.all(all.map((hosted) => hosted.close()));
      await client.close();
      await monitoring.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const minute = 60_000;
export const times = { minute, hour: 60 * minute } as const;

/** Four targets inside the VPC and one outside, a check of the connector, and secrets that are looked after once an hour. */
export const someTargets = {
  network: { connector: 'the-connector', egress: 'private-ranges-only' },
  http: {
    front: { url: 'https://front.example.com/', public: true },
    back: { url: 'http://10.0.0.4/', severity: 'error' },
  },
  redis: { cache: { host: '10.0.0.1', password: { secret: 'cache-password' } } },
  tcp: { store: { host: '10.0.0.2', port: 9000, severity: 'warning' } },
  postgres: { db: { host: '10.0.0.3', user: 'u', password: { secret: 'db-password' }, tls: { mode: 'disable' } } },
  platform: { way: { vpcConnector: { name: 'the-connector' } } },
  secrets: { app: { require: [{ secret: 'db-password' }, { secret: 'cache-password' }] } },
  dependencies: { front: ['back'] },
} as const;
