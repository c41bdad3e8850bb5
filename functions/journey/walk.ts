/** One user's way through the steps: each in its time, and after one that failed only those that clean up. */
import { monotonic } from '../../shared/clock';
import { namesAskedFor } from '../../shared/expression';
import { describe, Fault, isFault } from '../../shared/fault';
import type { ProbeContext, Resolved } from '../../shared/probe';
import { isMonitors } from '../../shared/reasons';
import type { Observed } from '../../shared/result';
import { namesIn } from '../../shared/secrets/bound-template';
import { act, type Carried } from './act';
import type { Entry, Ledger } from './ledger';
import type { Markers } from './markers';
import type { Meeting } from './meeting';
import type { Step } from './steps';

/** What all users of a journey share. */
export interface Way {
  readonly steps: readonly Resolved<Step>[];
  readonly context: ProbeContext;
  readonly markers: Markers;
  readonly meeting: Meeting;
  readonly ledger: Ledger;
}

/** Kept of the whole time for steps that clean up, so that they are done after a timeout, too. */
const reserveShare = 0.1;
const largestReserveMs = 2000;

/** Walks to the end. Never throws: what goes wrong is entered. */
export async function walk(user: number, way: Way): Promise<void> {
  const { steps, context, markers, meeting, ledger } = way;
  const marker = markers.of(user);
  const carried: Carried = { variables: { user: String(user), marker }, captures: { user, marker } };
  const reserveMs = Math.min(largestReserveMs, context.remaining() * reserveShare);
  let failed: string | undefined;
  for (const [index, step] of steps.entries()) {
    const why = failed === undefined ? undefined : whySkipped(step, failed, carried);
    if (why !== undefined) {
      ledger.enter(index, { user, outcome: 'unknown', message: `skipped: ${why}`, durationMs: null, observed: {} });
      continue;
    }
    if (failed === undefined) await meeting.wait(user, `before ${index}`, context.remaining());
    const cleanUps = steps.slice(index + 1).filter(({ always }) => always).length;
    const left = context.remaining();
    const limitMs = failed === undefined ? left - (cleanUps > 0 ? reserveMs : 0) : left / (cleanUps + 1);
    const entry = await take(index, Math.min(limitMs, step.within ?? Infinity), user, carried, way);
    ledger.enter(index, entry);
    if (entry.outcome === 'success') continue;
    failed ??= step.name;
    meeting.leave(user);
  }
  meeting.leave(user);
}

/** @returns why a step is left out after one that failed, or undefined. */
function whySkipped(step: Resolved<Step>, failed: string, { variables, captures }: Carried): string | undefined {
  if (!step.always) return `${failed} failed`;
  const own = new Set(innerCaptures(step));
  const needed = namesIn(step).filter((name) => !Object.hasOwn(variables, name) && !own.has(name.replace(/\.\d+$/, '')));
  const [missing] = [...needed, ...(step.assert === undefined ? [] : namesAskedFor(step.assert, captures))];
  return missing === undefined ? undefined : `${failed} failed, and ${missing} was not captured`;
}

function innerCaptures({ websocket, tcp }: Resolved<Step>): readonly string[] {
  return [
    ...(websocket?.steps ?? []).flatMap((inner) => ('expect' in inner ? Object.keys(inner.capture ?? {}) : [])),
    ...(tcp?.steps ?? []).flatMap((inner) => ('expect' in inner ? (inner.capture ?? []) : [])),
  ];
}

async function take(index: number, limitMs: number, user: number, carried: Carried, way: Way): Promise<Entry> {
  const { context, markers, meeting, ledger } = way;
  const observed: Observed = {};
  const ear = markers.ear(user);
  const begun = monotonic();
  let waitedMs = 0;
  const entered = (entry: Pick<Entry, 'outcome' | 'message' | 'fault'>): Entry => ({
    ...entry,
    user,
    durationMs: monotonic() - begun - waitedMs,
    observed,
  });
  try {
    const step = way.steps[index];
    if (!step || limitMs < 1) throw new Fault('timeout', 'no time was left for it');
    const message = await context.part(limitMs, observed, (part) =>
      ear.listen(() =>
        act(
          step,
          {
            carried,
            hear: ear.hear,
            meet: async (place) => void (waitedMs += await meeting.wait(user, `${place} ${index}`, part.remaining())),
            linger: async () => void (waitedMs += await meeting.linger(part.remaining())),
            told: ledger.event,
          },
          part,
        ),
      ),
    );
    return entered({ outcome: 'success', message });
  } catch (error) {
    const fault = isFault(error) ? error : new Fault('internal', describe(error).message, { cause: error });
    return entered({ outcome: isMonitors(fault.reason) ? 'unknown' : 'failure', message: fault.message, fault });
  }
}
