/** What Cloud Monitoring asks of a distribution (google/api/distribution.proto). */
import type { Distribution } from './types';

/** Says what is wrong with a distribution, or nothing. */
export function distributionFault(value: Distribution): string | undefined {
  const count = integer(value.count);
  const mean = value.mean ?? 0;
  const deviation = value.sumOfSquaredDeviation ?? 0;
  const options = value.bucketOptions;
  const counts = (value.bucketCounts ?? []).map(integer);
  const numbers = [mean, deviation, value.range?.min ?? 0, value.range?.max ?? 0, ...(options?.explicitBuckets?.bounds ?? [])];
  const sum = counts.reduce((total, each) => total + each, 0n);

  if (numbers.some(Number.isNaN)) return 'Distribution has a value that is not a number.';
  if (count < 0n) return 'Distribution |count| is negative.';
  if (deviation < 0) return 'Distribution |sum_of_squared_deviation| is negative.';
  if (count === 0n && (mean !== 0 || deviation !== 0))
    return 'Distribution |count| is zero but |mean| or |sum_of_squared_deviation| is not.';
  if (count === 0n && value.range) return 'Distribution |range| is set although |count| is zero.';
  if (counts.some((each) => each < 0n)) return 'Distribution has a negative bucket count.';
  if (counts.length > 0 && !options) return 'Distribution has |bucket_counts| but no |bucket_options|.';
  if (options && sum !== count) {
    return `Distribution |bucket_counts| fields sum to ${sum} which does not equal the |count| field value ${count}.`;
  }
  return options ? bucketFault(options, counts.length) : undefined;
}

function bucketFault(options: NonNullable<Distribution['bucketOptions']>, given: number): string | undefined {
  const { linearBuckets: linear, exponentialBuckets: exponential, explicitBuckets: explicit } = options;
  let room: number;
  if (linear) {
    if (!((linear.numFiniteBuckets ?? 0) > 0 && (linear.width ?? 0) > 0)) return 'Linear buckets need a positive number and width.';
    room = (linear.numFiniteBuckets ?? 0) + 2;
  } else if (exponential) {
    if (!((exponential.numFiniteBuckets ?? 0) > 0 && (exponential.growthFactor ?? 0) > 1 && (exponential.scale ?? 0) > 0)) {
      return 'Exponential buckets need a positive number and scale and a growth factor above 1.';
    }
    room = (exponential.numFiniteBuckets ?? 0) + 2;
  } else if (explicit) {
    const bounds = explicit.bounds ?? [];
    if (bounds.length === 0) return 'Explicit buckets need at least one bound.';
    if (bounds.some((bound, index) => index > 0 && bound <= (bounds[index - 1] ?? 0))) return 'Explicit bounds must be increasing.';
    room = bounds.length + 1;
  } else {
    return 'Distribution |bucket_options| names no kind of buckets.';
  }
  return given > room ? `Distribution has ${given} bucket counts, but its bounds allow ${room}.` : undefined;
}

function integer(value: { toString(): string } | null | undefined): bigint {
  return BigInt(value?.toString() ?? 0);
}
