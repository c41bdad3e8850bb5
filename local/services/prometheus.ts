/** Starts a real Prometheus on loopback, for as long as we run: it scrapes one page and evaluates one file of rules. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode } from './error-code';
import { freePort } from './free-port';
import { startGuard } from './guard';
import { startServerProcess, type ServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';

/** What it scrapes and evaluates. */
export interface PrometheusOptions {
  /** `127.0.0.1:port` of what answers `GET /metrics`; its points keep their own times, also when they come late. */
  readonly scrape: string;
  readonly scrapeIntervalMs: number;
  /** A rule file as JSON, which is YAML. */
  readonly rules: object;
  readonly evaluationMs: number;
  /** Where the program may lie: paths, or a name that is looked for on the PATH. */
  readonly programs?: readonly string[];
}

/** An alert that is pending or fires. */
export interface PrometheusAlert {
  /** `alertname`, and those of the query's result. */
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** A running server. */
export interface PrometheusServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly pid: number;
  /** Fulfilled with a sentence once it has ended. */
  readonly ended: Promise<string>;
  readonly hasEnded: () => boolean;
  /** Throws where it does not answer. */
  readonly alerts: () => Promise<readonly PrometheusAlert[]>;
  /** How many points it scraped and did not take so far: too old, out of order, or a second value at one time. */
  readonly refused: () => Promise<number>;
  /** Why rules could not be evaluated the last time, a sentence each. */
  readonly problems: () => Promise<readonly string[]>;
  /** Ends it and removes its files; a second call does nothing. */
  stop(): Promise<void>;
}

/** There is no such program; the message says how to get it. */
export class PrometheusMissing extends Error {
  override readonly name = 'PrometheusMissing';
  constructor() {
    super('prometheus is not installed; Debian and Ubuntu: apt-get install prometheus; macOS: brew install prometheus');
  }
}

const usualPrograms = ['prometheus', '/usr/bin/prometheus', '/opt/homebrew/bin/prometheus', '/usr/local/bin/prometheus'];
const startLimitMs = 60_000;
const answerLimitMs = 10_000;

/**
 * Starts a server.
 * @throws PrometheusMissing, or an Error whose message ends with what it said
 */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const folder = await temporaryFolder('vpc-synthetics-prometheus-');
  const guard = await startGuard([folder], 'TERM');
  try {
    const { server, url } = await launch(folder, options);
    guard.protect([server.pid]);
    await server.ready(() => text(`${url}/-/ready`), startLimitMs);
    let stopped = false;
    return {
      url,
      pid: server.pid,
      ended: server.ended,
      hasEnded: () => server.hasEnded(),
      alerts: async () => alertsAnswer.parse(await json(`${url}/api/v1/alerts`)).data.alerts,
      refused: async () => refusedIn(await text(`${url}/metrics`)),
      problems: async () =>
        rulesAnswer.parse(await json(`${url}/api/v1/rules`)).data.groups.flatMap(({ rules }) => rules.flatMap(problemOf)),
      async stop() {
        if (stopped) return;
        stopped = true;
        await server.end('SIGTERM', 5000);
        await guard.release();
      },
    };
  } catch (error) {
    await guard.enforce();
    throw error;
  }
}

async function launch(folder: string, options: PrometheusOptions): Promise<{ server: ServerProcess; url: string }> {
  const port = await freePort();
  const configuration = join(folder, 'prometheus.json');
  await writeFile(join(folder, 'rules.json'), JSON.stringify(options.rules));
  await writeFile(configuration, JSON.stringify(configurationOf(options)));
  const args = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=2d',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  for (const command of options.programs ?? usualPrograms) {
    try {
      return { server: await startServerProcess({ command, args, cwd: folder }), url: `http://127.0.0.1:${port}` };
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  throw new PrometheusMissing();
}

function configurationOf({ scrape, scrapeIntervalMs, evaluationMs }: PrometheusOptions): object {
  return {
    global: { scrape_interval: `${scrapeIntervalMs}ms`, scrape_timeout: `${scrapeIntervalMs}ms`, evaluation_interval: `${evaluationMs}ms` },
    rule_files: ['rules.json'],
    // Later than Cloud Monitoring takes a point: one point that is too old for it lets Prometheus drop the whole scrape.
    storage: { tsdb: { out_of_order_time_window: '2d' } },
    scrape_configs: [
      {
        job_name: 'cloud-monitoring',
        honor_timestamps: true,
        // A series of ours has labels `job` and `instance` of its own.
        honor_labels: true,
        static_configs: [{ targets: [scrape] }],
        // Cloud Monitoring knows nothing of where a page was scraped.
        metric_relabel_configs: [{ source_labels: ['instance'], regex: scrape, target_label: 'instance', replacement: '' }],
      },
    ],
  };
}

const alertsAnswer = z.object({
  data: z.object({
    alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.enum(['pending', 'firing']) })),
  }),
});

const rule = z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() });
const rulesAnswer = z.object({ data: z.object({ groups: z.array(z.object({ rules: z.array(rule) })) }) });

function problemOf({ name, health, lastError }: z.output<typeof rule>): readonly string[] {
  return health === 'err' ? [`${name}: ${lastError ?? 'could not be evaluated'}`] : [];
}

/** Prometheus counts what it refuses, each way on its own. */
const refusals =
  /^prometheus_(?:target_scrapes_sample_(?:out_of_bounds|out_of_order|duplicate_timestamp)|tsdb_too_old_samples)_total(?:\{.*\})? (\S+)$/gm;

function refusedIn(metrics: string): number {
  return [...metrics.matchAll(refusals)].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function text(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerLimitMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(`Prometheus answers ${response.status}: ${body.slice(0, 200)}`);
  return body;
}

async function json(url: string): Promise<unknown> {
  return JSON.parse(await text(url));
}
