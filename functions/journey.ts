/** A user's path over several steps, e.g. a login, then a chat answer over WebSocket; by several users at once. */
import * as z from 'zod';
import { monotonic } from '../shared/clock';
import { tell } from '../shared/config/partly';
import { defineKind, type ProbeOf } from '../shared/probe';
import { createLedger } from './journey/ledger';
import { createMarkers } from './journey/markers';
import { createMeeting } from './journey/meeting';
import { endpointsOf, isPlain, step, stepProblems } from './journey/steps';
import { userNumbers, variablesAt } from './journey/variables';
import { walk } from './journey/walk';

const fields = {
  users: z.int().min(1).max(50).default(1).describe('So many walk the path at once, each with captures and connections of its own'),
  steps: z.array(step).min(1),
};

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'journey',
  title: 'Journey',
  fields,
  conditions: {},
  defaults: { schedule: '*/15 * * * *', timeoutMs: 60_000, attempts: 1 },
  tls: true,
  endpoints: ({ steps }) => steps.flatMap(endpointsOf),
  plain: ({ steps }) => steps.every(isPlain),
  check: (target) => tell(() => stepProblems(target.steps)),
  variablesAt: ({ steps }, path) => variablesAt(steps, path),
  secretVariables: ({ users }) => ({ user: userNumbers(users) }),
});

/** The code of the kind: all users walk at once; the phase `step` is all of it, since each step has connections of its own. */
export const probe: ProbeOf<typeof kind> = {
  async run({ users, steps }, context) {
    const ledger = createLedger(
      steps.map(({ name }) => name),
      users,
      context,
    );
    const way = { steps, context, ledger, markers: createMarkers(users, context.run.runId), meeting: createMeeting(users, monotonic) };
    await context.phase('step', () => Promise.all(userNumbers(users).map((user) => walk(Number(user), way))));
    const fault = ledger.fault();
    if (fault) throw fault;
    return undefined;
  },
};
