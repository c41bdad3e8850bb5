/** Writes down how each user fared in each step: one finding a step, its latency, and in the end the fault of the whole. */
import { Fault } from '../../shared/fault';
import type { ProbeContext } from '../../shared/probe';
import { roundMs, type Finding, type Observed, type Outcome } from '../../shared/result';

/** How one user fared in one step. */
export interface Entry {
  readonly user: number;
  /** `unknown` also for a step that was skipped, which has no fault. */
  readonly outcome: Exclude<Outcome, 'degraded'>;
  readonly fault?: Fault;
  readonly message: string;
  readonly durationMs: number | null;
  readonly observed: Observed;
}

type Latencies = Readonly<Record<string, number>>;

/** What is written down. */
export interface Ledger {
  /** Enters a step of one user; the finding is told when all users have one. */
  enter(index: number, entry: Entry): void;
  /** Enters what events took; of several users the slowest counts. */
  readonly event: (latencies: Latencies) => void;
  /** @returns the fault of the first step that failed, else of the first that is unknown. */
  fault(): Fault | undefined;
}

/** @returns the slower of both for each name. */
function slowest(one: Latencies, other: Latencies): Latencies {
  return Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => [name, Math.max(one[name] ?? 0, other[name] ?? 0)]),
  );
}

/** @param names of the steps, in their order. */
export function createLedger(names: readonly string[], users: number, context: Pick<ProbeContext, 'find' | 'observe'>): Ledger {
  const entries: readonly Entry[][] = names.map(() => []);
  let events: Latencies = {};
  let steps: Latencies = {};
  let facts: Observed = {};
  const said = ({ user, message }: Entry): string =>
    users === 1 || message.startsWith(`user ${user} `) ? message : `user ${user}: ${message}`;
  const decisive = (step: readonly Entry[]): Entry | undefined =>
    step.find(({ outcome }) => outcome === 'failure') ??
    step.find(({ fault }) => fault) ??
    step.find(({ outcome }) => outcome === 'unknown');
  const findingOf = (subject: string, step: readonly Entry[]): Finding => {
    const durations = step.flatMap(({ durationMs }) => durationMs ?? []);
    const durationMs = durations.length > 0 ? roundMs(Math.max(...durations)) : null;
    const entry = decisive(step);
    if (!entry) return { subject, outcome: 'success', reason: null, message: step[0]?.message ?? '', durationMs };
    const alike = step.filter(({ outcome }) => outcome === entry.outcome).length - 1;
    const more = alike > 0 ? ` (and ${alike} more of ${users} users)` : '';
    return { subject, outcome: entry.outcome, reason: entry.fault?.reason ?? null, message: said(entry) + more, durationMs };
  };
  return {
    enter(index, entry) {
      const step = entries[index];
      const subject = names[index];
      if (!step || subject === undefined) return;
      step.push(entry);
      facts = merged(facts, entry.observed);
      context.observe(facts);
      if (step.length < users) return;
      const finding = findingOf(subject, step);
      context.find(finding);
      if (finding.outcome !== 'success' || finding.durationMs === null) return;
      steps = { ...steps, [subject]: finding.durationMs };
      context.observe({ 'journey.stepLatencyMs': steps });
    },
    event(latencies) {
      events = slowest(events, latencies);
      context.observe({ 'websocket.eventLatencyMs': events });
    },
    fault() {
      const all = entries.map((step, index) => ({ name: names[index] ?? '', entry: decisive(step) }));
      // What went wrong first decides: what fails after the monitor itself broke the path, in its clean-up, says nothing certain.
      const first = all.find(({ entry }) => entry?.fault);
      const fault = first?.entry?.fault;
      if (!first?.entry || !fault) return undefined;
      return new Fault(fault.reason, `${first.name}: ${said(first.entry)}`, { code: fault.code, hint: fault.hint, cause: fault });
    },
  };
}

/** Of several connections the facts of the certificate that expires first, and the slowest ping. */
function merged(facts: Observed, more: Observed): Observed {
  const number = (from: Observed, name: string): number | undefined => {
    const value = from[name];
    return typeof value === 'number' ? value : undefined;
  };
  const days = number(more, 'tls.daysUntilExpiry');
  const isFirst = days !== undefined && days < (number(facts, 'tls.daysUntilExpiry') ?? Infinity);
  const certificate = isFirst ? Object.entries(more).filter(([name]) => name.startsWith('tls.')) : [];
  const ping = number(more, 'websocket.pingMs');
  const pings: Observed = ping === undefined ? {} : { 'websocket.pingMs': Math.max(ping, number(facts, 'websocket.pingMs') ?? 0) };
  return { ...facts, ...Object.fromEntries(certificate), ...pings };
}
