/** A rule that a secret breaks, or that could not be looked at. */
import { isMonitors, type Reason } from '../../shared/reasons';

/** `message` goes on from the secret's name; it names rules, never anything of the value. */
export interface Breach {
  readonly outcome: 'failure' | 'unknown' | 'degraded';
  readonly reason: Reason;
  readonly message: string;
}

/** @returns a failure, or an unknown where the reason is the monitor's. */
export function breach(reason: Reason, message: string): Breach {
  return { outcome: isMonitors(reason) ? 'unknown' : 'failure', reason, message };
}
