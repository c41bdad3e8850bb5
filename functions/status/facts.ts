/** Facts of the targets besides their state: latency, certificates, single secrets. */
import type { MetricName } from '../../shared/telemetry/catalogue';
import type { ReadPoint, ReadSeries } from '../../shared/telemetry/reader';
import { ask, type Asking } from '../../shared/latest/ask';
import { groupsFor } from '../../shared/latest/look';

/** By the name of the target; what was not seen in time has no entry. */
export interface Facts {
  /** Milliseconds. */
  readonly latencyMs: ReadonlyMap<string, ReadPoint>;
  readonly certificateDays: ReadonlyMap<string, ReadPoint>;
  /** Secrets that break their rules, each with the time when it was said. */
  readonly invalidSecrets: ReadonlyMap<string, readonly { readonly secret: string; readonly at: number }[]>;
}

/** Nothing is known. */
export const noFacts: Facts = { latencyMs: new Map(), certificateDays: new Map(), invalidSecrets: new Map() };

function newest(series: readonly ReadSeries[]): ReadonlyMap<string, ReadPoint> {
  const found = new Map<string, ReadPoint>();
  for (const { labels, points } of series)
    for (const point of points) {
      const { target } = labels;
      if (target !== undefined && point.at > (found.get(target)?.at ?? -Infinity)) found.set(target, point);
    }
  return found;
}

/**
 * Three metrics, each by at most two questions.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function readFacts(asking: Asking): Promise<Facts> {
  const { targets } = asking.config;
  const of = (metric: MetricName, some = targets): Promise<readonly ReadSeries[]> => ask(asking, metric, groupsFor(asking, some));
  const secrets = targets.filter(({ kind }) => kind === 'secrets');
  const [latency, certificates, valid] = await Promise.all([
    of('probe/latency'),
    of('tls/days_until_expiry'),
    secrets.length > 0 ? of('secrets/valid', secrets) : [],
  ]);
  const invalid = new Map<string, { readonly secret: string; readonly at: number }[]>();
  for (const series of valid) {
    const { target, secret } = series.labels;
    const last = target === undefined ? undefined : newest([series]).get(target);
    if (target === undefined || secret === undefined || last?.value !== 0) continue;
    invalid.set(target, [...(invalid.get(target) ?? []), { secret, at: last.at }]);
  }
  return { latencyMs: newest(latency), certificateDays: newest(certificates), invalidSecrets: invalid };
}
