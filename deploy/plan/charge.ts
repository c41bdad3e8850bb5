/** Amounts to money, and to texts for people. */
import { metricTiers, type Price } from './prices';

/** @returns USD for an amount, after its free allowance. */
export function charge(amount: number, { usd, per, free }: Price): number {
  return (Math.max(0, amount - free) / per) * usd;
}

/** @returns USD for a volume of custom metrics. */
export function chargeMetrics(volumeMib: number): number {
  let from: number = metricTiers.freeMib;
  let sum = 0;
  for (const { upToMib, usd } of metricTiers.tiers) {
    sum += Math.max(0, Math.min(volumeMib, upToMib) - from) * usd;
    from = Math.max(from, upToMib);
  }
  return sum;
}

/** @returns a number for people: three digits that count, whole above a thousand. */
export function shown(amount: number): string {
  const digits = Math.abs(amount) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return amount.toLocaleString('en-US', digits).replaceAll(',', ' ');
}
