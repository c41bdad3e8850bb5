/** What a dialogue over TCP is made of: where it leads, whether TLS is spoken, and its steps; pure data. */
import * as z from 'zod';
import { host, isTemplate, port, tls, tlsProblems } from '../config/fields';
import type { Endpoint, Problem } from '../probe';
import { startsTls, step, stepProblems } from './steps';

/** The fields of a dialogue. */
export const dialogueFields = {
  host,
  port: port.optional().describe('Needed unless the host is the path of a unix socket'),
  tls: tls.optional().describe('With a step startTls the connection starts plain, and this counts from there on; default: verify-full'),
  steps: z.array(step).default([]),
};

/** A dialogue as the configuration has it. */
export type Dialogue = z.output<z.ZodObject<typeof dialogueFields>>;

/** @returns what contradicts itself; the paths begin at the dialogue. */
export function dialogueProblems(dialogue: Dialogue): readonly Problem[] {
  const problems: Problem[] = [...tlsProblems(dialogue.tls, ['tls']), ...stepProblems(dialogue.steps)];
  const named = typeof dialogue.host === 'string' && !dialogue.host.startsWith('${') ? dialogue.host : undefined;
  if (named?.startsWith('/') === true && dialogue.port !== undefined)
    problems.push({ path: ['port'], message: 'stands together with the path of a unix socket; allowed: one of the two' });
  if (named?.startsWith('/') === false && dialogue.port === undefined)
    problems.push({ path: [], message: 'has no port beside the host; allowed: host and port, or the path of a unix socket as host' });
  if (dialogue.tls?.mode === 'disable' && startsTls(dialogue.steps))
    problems.push({ path: ['tls', 'mode'], message: '"disable" contradicts the step startTls; allowed: another mode' });
  return problems;
}

/** @returns where a dialogue leads, as far as it is known without its secrets. */
export function endpointsOf({ host: named, port: number }: { readonly host: unknown; readonly port?: number }): readonly Endpoint[] {
  if (typeof named !== 'string' || isTemplate(named)) return [];
  if (named.startsWith('/')) return [{ path: named }];
  return number === undefined ? [] : [{ host: named, port: number }];
}

/** @returns true for a dialogue that never speaks TLS. */
export function isPlain({ tls: settings, steps }: Dialogue): boolean {
  return (settings === undefined || settings.mode === 'disable') && !startsTls(steps);
}
