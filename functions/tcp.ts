/** Any TCP or TLS port: whether it answers, its certificate, and a dialogue of lines that the configuration scripts. */
import * as z from 'zod';
import { host, port, tls, tlsProblems } from '../shared/config/fields';
import type { Destination } from '../shared/dial/connection';
import { Fault } from '../shared/fault';
import { defineKind, type ProbeOf, type Problem, type Resolved } from '../shared/probe';
import { converse } from '../shared/tcp/script';
import { startsPlain, step, stepProblems, variablesOf } from '../shared/tcp/steps';

const fields = {
  host,
  port: port.optional().describe('Needed unless the host is the path of a unix socket'),
  tls: tls.optional(),
  steps: z.array(step).default([]),
};
type Target = z.output<z.ZodObject<typeof fields>>;

function check(target: Target): readonly Problem[] {
  const problems: Problem[] = [...tlsProblems(target.tls, ['tls']), ...stepProblems(target.steps)];
  const named = typeof target.host === 'string' && !target.host.startsWith('${') ? target.host : undefined;
  if (named?.startsWith('/') === true && target.port !== undefined)
    problems.push({ path: ['port'], message: 'stands together with the path of a unix socket; allowed: one of the two' });
  if (named?.startsWith('/') === false && target.port === undefined)
    problems.push({ path: [], message: 'has no port beside the host; allowed: host and port, or the path of a unix socket as host' });
  if (target.tls?.mode === 'disable' && startsPlain(target.steps))
    problems.push({ path: ['tls', 'mode'], message: '"disable" contradicts the step startTls; allowed: another mode' });
  return problems;
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'tcp',
  title: 'TCP',
  fields,
  conditions: {},
  defaults: {},
  tls: true,
  endpoints(target) {
    if (typeof target.host !== 'string' || target.host.includes('${')) return [];
    if (target.host.startsWith('/')) return [{ path: target.host }];
    return target.port === undefined ? [] : [{ host: target.host, port: target.port }];
  },
  plain: ({ tls: settings, steps }) => (settings === undefined || settings.mode === 'disable') && !startsPlain(steps),
  check,
  variablesAt({ steps }, [area, index]) {
    return area === 'steps' && typeof index === 'number' ? variablesOf(steps.slice(0, index)) : [];
  },
});

function destinationOf({ host: named, port: number }: Pick<Resolved<Target>, 'host' | 'port'>): Destination['to'] {
  if (named.startsWith('/')) return { path: named };
  if (named === '') throw new Fault('config_invalid', 'the target names no host');
  if (number === undefined) throw new Fault('config_invalid', 'the target has no port, and its host is not the path of a unix socket');
  return { host: named, port: number };
}

/** The code of the kind. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    await converse({ to: destinationOf(target), tls: target.tls, steps: target.steps }, context);
    return undefined;
  },
};
