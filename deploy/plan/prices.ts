/**
 * What Google charges, and what is assumed of an ordinary month: dated data, the only place for such numbers.
 *
 * List prices in USD for us-central1, read in November 2026 from
 * https://cloud.google.com/run/pricing (services, request-based billing; functions are billed as these),
 * https://cloud.google.com/scheduler/pricing, https://cloud.google.com/secret-manager/pricing,
 * https://cloud.google.com/stackdriver/pricing (Cloud Monitoring, Cloud Logging), https://cloud.google.com/artifact-registry/pricing,
 * https://cloud.google.com/vpc/pricing. Other regions differ by up to a half. Free allowances are a billing account's or a project's:
 * what else runs there uses them, too.
 */

/** Month of the prices. */
export const pricesOf = '2026-11';

/** A month, as Google's own examples reckon it. */
export const hoursAMonth = 730;

/** A price for so much at once, after a free allowance in single units. */
export interface Price {
  readonly usd: number;
  readonly per: number;
  readonly free: number;
}

const million = 1_000_000;

export const prices = {
  requests: { usd: 0.4, per: million, free: 2 * million },
  vcpuSeconds: { usd: 0.000_024, per: 1, free: 180_000 },
  gibSeconds: { usd: 0.000_002_5, per: 1, free: 360_000 },
  /** Of instances that are kept and do nothing. */
  idleVcpuSeconds: { usd: 0.000_002_5, per: 1, free: 0 },
  idleGibSeconds: { usd: 0.000_002_5, per: 1, free: 0 },
  schedulerJobs: { usd: 0.1, per: 1, free: 3 },
  secretVersions: { usd: 0.06, per: 1, free: 6 },
  secretAccesses: { usd: 0.03, per: 10_000, free: 10_000 },
  /** Time series returned. */
  monitoringReads: { usd: 0.5, per: million, free: million },
  uptimeExecutions: { usd: 0.3, per: 1000, free: million },
  syntheticExecutions: { usd: 1.2, per: 1000, free: 100 },
  logGib: { usd: 0.5, per: 1, free: 50 },
  imageGib: { usd: 0.1, per: 1, free: 0.5 },
  alertReferences: { usd: 0.35, per: 1, free: 0 },
  alertPoints: { usd: 0.5, per: million, free: 0 },
} as const satisfies Record<string, Price>;

/** Custom metrics in MiB, cheaper the more there is: the price up to a volume. */
export const metricTiers = {
  freeMib: 150,
  tiers: [
    { upToMib: 100_000, usd: 0.258 },
    { upToMib: 250_000, usd: 0.151 },
    { upToMib: Infinity, usd: 0.061 },
  ],
} as const;
/** Of one point with a single number. */
export const bytesAPoint = 8;

/** Alerting is free until then. */
export const alertingFrom = '2027-09-01';

/** A request's time is rounded up to this. */
export const billedStepMs = 100;

/** What two machines of a Serverless VPC Access connector cost a month (e2-micro). */
export const connectorUsd = 12.23;

/** What is assumed of an ordinary month, in which nearly everything works. */
export const assumed = {
  /** One attempt at one target; never more than half its timeout. */
  usualMs: { secrets: 500, postgres: 200, redis: 50, websocket: 1000, http: 300, tcp: 100, journey: 20_000, platform: 500 } as Readonly<
    Record<string, number>
  >,
  otherUsualMs: 500,
  /** Questions that a diagnosis asks while nearly everything works, a series or none in answer to each. */
  questions: 2,
  /** Around the targets of a run: secrets are fetched, points are written. */
  aroundMs: 300,
  /** Lines of the function, of Cloud Run's request log and of the Scheduler's. */
  logBytesARun: 4096,
  /** A container image of one function, without the layers that all share. */
  imageGib: 0.1,
  /** Regions that an uptime check is executed from unless it names some. */
  uptimeRegions: 6,
  /** The share of series that a PromQL condition, which returns what is wrong, gives at a time. */
  wrongShare: 0.01,
  /** A condition with a threshold is evaluated that often, in seconds; so is an uptime check without a period. */
  evaluationSeconds: 60,
} as const;
