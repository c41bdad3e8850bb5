/** Keeps the stack running: the schedule, the one port, and a table that shows what is. */
import { contextOf, type Inventory } from '../deploy/plan/build';
import { pause, timestamp } from '../shared/clock';
import { callFunction } from './stack/call';
import type { Gateway } from './stack/gateway';
import { createLatest } from './stack/latest';
import { jobsOf, startScheduler } from './stack/scheduler';
import type { Screen } from './screen';
import { startAlerting } from './stack/alerting';
import type { Stack } from './stack/stack';

/** A stack that is being watched. */
export interface Live {
  stop(): Promise<void>;
}

const lookDeadlineMs = 60_000;
/** The longest that the page waits for the first round. */
const firstLookMs = 15_000;

/** @param inventory every function that there may be: jobs and alerts are those that a deployment of them would get. */
export function startLive(stack: Stack, gateway: Gateway, screen: Screen, inventory: Inventory): Live {
  const context = contextOf(stack, inventory);
  const latest = createLatest(stack.config);
  let stopped = false;
  const over = new AbortController();
  // What is still on its way at the end fails because we end it.
  const show = (changes: readonly string[]): void => {
    if (!stopped) screen.show(latest.text(), changes);
  };
  const { jobs, others } = jobsOf(context);
  const { monitoring, platform } = stack.services;
  const alerting = startAlerting({ context, monitoring, platform, say: (sentence) => void (stopped || screen.say(sentence)) });
  const scheduler = startScheduler({
    jobs,
    others,
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
    assertion: stack.assertion,
    observed: Promise.race([scheduler.firstRound, pause(firstLookMs, over.signal)]),
    configuration: stack.compiled,
    faults: stack.faults,
    onSwitch: look,
  });
  screen.say(`The status page: http://localhost:${gateway.port}/ (Ctrl-C ends everything)`);
  return {
    async stop() {
      stopped = true;
      over.abort();
      scheduler.stop();
      await alerting.stop();
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
