/** Keeps the stack running: the schedule, the one port, and a table that shows what is. */
import { timestamp } from '../shared/clock';
import { callFunction } from './stack/call';
import type { Gateway } from './stack/gateway';
import { createLatest } from './stack/latest';
import { jobsOf, serviceJobsOf, startScheduler } from './stack/scheduler';
import type { Screen } from './screen';
import type { Service } from '../shared/serve/service';
import type { Stack } from './stack/stack';

/** A stack that is being watched. */
export interface Live {
  stop(): void;
}

const lookDeadlineMs = 60_000;

/** @param services functions besides those of the kinds; those that have a schedule are called by it. */
export function startLive(stack: Stack, gateway: Gateway, screen: Screen, services: readonly Service[]): Live {
  const latest = createLatest(stack.config);
  let stopped = false;
  // What is still on its way at the end fails because we end it.
  const show = (changes: readonly string[]): void => {
    if (!stopped) screen.show(latest.text(), changes);
  };
  const jobs = jobsOf(stack.config);
  const scheduler = startScheduler({
    jobs,
    others: serviceJobsOf(services, stack.config),
    url: stack.url,
    onReport: (_, report) => show(latest.record(report)),
    onProblem: ({ kind }, targets, message) =>
      show(targets.length > 0 ? latest.recordProblem(targets, message, timestamp()) : [`${kind}: ${message}`]),
  });
  // A look besides the schedule: it leaves no points, so that alerts see the schedule's runs alone.
  const look = coalesced(async () => {
    await Promise.allSettled(
      jobs.map(async ({ kind, targets }) => {
        const body = { targets: targets.map(({ name }) => name), attempts: 1, record: false };
        show(latest.record(await callFunction(stack.url(kind), { body, deadlineMs: lookDeadlineMs })));
      }),
    );
  });
  gateway.open({
    functions: () => stack.functions,
    url: stack.url,
    table: latest.text,
    configuration: stack.compiled,
    faults: stack.faults,
    onSwitch: look,
  });
  screen.say(`http://localhost:${gateway.port}/ (Ctrl-C ends it)`);
  return {
    stop() {
      stopped = true;
      scheduler.stop();
    },
  };
}

/** Runs it at once; what is asked for meanwhile is one more run, afterwards. */
function coalesced(work: () => Promise<void>): () => void {
  let [running, asked] = [false, false];
  const run = async (): Promise<void> => {
    running = true;
    do {
      asked = false;
      await work();
    } while (asked);
    running = false;
  };
  return () => {
    asked = true;
    if (!running) void run();
  };
}
