/** Dialogues over TCP as part of something else, which brings variables of its own. */
import * as z from 'zod';
import { defineKind, type ProbeOf } from '../../../shared/probe';
import { dialogueFields, dialogueProblems, endpointsOf } from '../../../shared/tcp/dialogue';
import { converse } from '../../../shared/tcp/script';
import { variablesOf } from '../../../shared/tcp/steps';
import { watchLeaks } from '../../support/leaks';
import { probeOne } from '../../support/probing';
import { echoServer, silentServer } from '../../support/raw-server';

const fields = { ...dialogueFields, users: z.int().default(1) };

const kind = defineKind<typeof fields, unknown>({
  name: 'talk',
  title: 'Talk',
  fields,
  conditions: {},
  defaults: {},
  tls: true,
  endpoints: endpointsOf,
  check: dialogueProblems,
  variablesAt: ({ steps }, [area, index]) => [
    'user',
    ...(area === 'steps' && typeof index === 'number' ? variablesOf(steps.slice(0, index)) : []),
  ],
});

const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    const told: string[] = [];
    for (let user = 1; user <= target.users; user += 1) {
      const given = { variables: { user: String(user) }, told: (latencies: object) => void told.push(...Object.keys(latencies)) };
      const { variables, latencies } = await converse(target, context, given);
      context.observe({ 'talk.variables': { ...variables }, 'talk.latencies': { ...latencies }, 'talk.told': told.join() });
    }
    return undefined;
  },
};

test('what the caller brings counts everywhere, what a step captures in the steps after; the caller is given both', async () => {
  const leaks = await watchLeaks();
  const server = await echoServer();
  const target = {
    host: '127.0.0.${user}',
    port: server.port,
    steps: [
      { send: 'I am ${user}\n' },
      { expect: '^I am (${user})$', capture: 'me', name: 'heard' },
      { send: '${me.1}\n' },
      { expect: '^1$' },
    ],
  };
  const result = await probeOne({ kind, probe }, target);
  await server.close();
  await leaks.assertNothingLeft();
  expect(result).toMatchObject({ outcome: 'success', observed: { 'talk.told': 'heard', 'address.ip': '127.0.0.1' } });
  expect(result.observed['talk.variables']).toEqual({ user: '1', me: 'I am 1', 'me.0': 'I am 1', 'me.1': '1' });
  expect(result.observed['talk.latencies']).toEqual({ heard: expect.any(Number) });
});

test('each connection is closed when its dialogue is over', async () => {
  const server = await silentServer();
  const probed = probeOne({ kind, probe }, { host: server.host, port: server.port, users: 50, steps: [{ send: '${user}' }] });
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, server.connections())), 1);
  const result = await probed;
  clearInterval(look);
  await server.close();
  expect(result).toMatchObject({ outcome: 'success' });
  expect(result.findings).toHaveLength(50);
  expect(server.accepted()).toBe(50);
  expect(most).toBeLessThan(25);
});
