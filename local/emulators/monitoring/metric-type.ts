/** Rules on the names of user-defined metrics and of their labels. */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';

const writableDomains = ['custom.googleapis.com', 'external.googleapis.com', 'workload.googleapis.com'];

/** At most this many labels on a metric. */
export const maxLabels = 30;

/** Throws INVALID_ARGUMENT for what is not `domain/path`, PERMISSION_DENIED for a domain that is not for users. */
export function checkMetricType(type: string): void {
  const [, domain] = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/[^/\s]/i.exec(type) ?? [];
  if (domain === undefined) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      `Field metric.type had an invalid value of "${type}": The metric type must be a URL-formatted string with a domain and non-empty path.`,
    );
  }
  if (!writableDomains.includes(domain)) {
    throw new StatusError(
      status.PERMISSION_DENIED,
      `Permission to write the metric ${type} is denied: its domain is not for user-defined metrics.`,
    );
  }
}

/** Throws INVALID_ARGUMENT for a key with other characters than letters, digits and underscores, a leading digit, or above 100 characters. */
export function checkLabelKey(key: string): void {
  if (key.length > 100) throw new StatusError(status.INVALID_ARGUMENT, `Label key "${key}" is longer than 100 characters.`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    throw new StatusError(status.INVALID_ARGUMENT, `Label key contains invalid characters. Key: "${key}".`);
  }
}

/** Throws INVALID_ARGUMENT for a value above 1024 characters. */
export function checkLabelValue(key: string, value: string): void {
  if (value.length > 1024) throw new StatusError(status.INVALID_ARGUMENT, `The value of label "${key}" is longer than 1024 characters.`);
}

/** What the server says when a metric gets too many labels. */
export function tooManyLabels(type: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, `The new labels would cause the metric ${type} to have over ${maxLabels} labels.`);
}
