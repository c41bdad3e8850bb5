/** WebSocket servers: the upgrade, a ping, and a dialogue that the configuration scripts. */
import { z } from 'zod';
import { equals } from '../shared/conditions';
import { duration, expression, headers, jsonObject, label, tls, tlsProblems, urlValue, variable, type Tls } from '../shared/config/fields';
import { parseUrl } from '../shared/hosts';
import { defineKind, type Endpoint, type Problem, type SecretReference } from '../shared/probe';

const url = urlValue(['ws', 'wss']);

/** One step of a dialogue over a WebSocket. */
export const step = z.union(
  [
    z.strictObject({ send: z.union([z.string(), jsonObject]) }),
    z.strictObject({
      expect: expression,
      within: duration.optional(),
      name: label.optional(),
      capture: z.record(variable, expression).optional(),
    }),
    z.strictObject({ expectClose: z.int().min(1000).max(4999), within: duration.optional() }),
  ],
  { error: 'is not a step; allowed: {send}, {expect, within, name, capture}, {expectClose, within}' },
);
type Step = z.output<typeof step>;

const fields = {
  url,
  headers: headers.optional(),
  subprotocols: z.array(z.string().min(1)).min(1).optional(),
  origin: z.string().min(1).optional(),
  tls: tls.optional(),
  ping: z.boolean().default(true),
  steps: z.array(step).default([]),
  compareWith: z
    .strictObject({ url, headers: headers.optional(), tls: tls.optional() })
    .optional()
    .describe('The same service without what is in front of it: tells whether the load balancer strips headers'),
};
type Target = z.output<z.ZodObject<typeof fields>>;

function urlProblems(text: string | SecretReference, settings: Tls | undefined, path: readonly (string | number)[]): readonly Problem[] {
  const parsed = typeof text === 'string' ? parseUrl(text) : undefined;
  const problems: Problem[] = [...tlsProblems(settings, [...path, 'tls'])];
  if (parsed?.scheme === 'wss' && settings?.mode === 'disable')
    problems.push({ path: [...path, 'tls', 'mode'], message: '"disable" contradicts wss in the url; allowed: ws, or another mode' });
  // RFC 6455, section 3: fragment identifiers are meaningless in WebSocket URIs and MUST NOT be used.
  if (parsed && parsed.url.hash !== '') problems.push({ path: [...path, 'url'], message: 'has a fragment; allowed: a URL without #' });
  return problems;
}

function stepProblems(steps: readonly Step[]): readonly Problem[] {
  const names = steps.map((item) => ('expect' in item ? item.name : undefined));
  return steps.flatMap((item, index): Problem[] => {
    const at = ['steps', index];
    const found: Problem[] = [];
    const first = names.indexOf(names[index]);
    if (names[index] !== undefined && first !== index)
      found.push({
        path: [...at, 'name'],
        message: `${JSON.stringify(names[index])} is the name of steps[${first}], too; allowed: each name once in a target`,
      });
    if ('expectClose' in item && index < steps.length - 1)
      found.push({
        path: [...at, 'expectClose'],
        message: 'is followed by further steps, which have no connection any more; allowed: as the last step',
      });
    return found;
  });
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'websocket',
  title: 'WebSocket',
  fields,
  conditions: { subprotocol: equals('websocket.subprotocol', z.string().min(1), 'assertion_failed') },
  defaults: {},
  tls: true,
  endpoints(target) {
    return [target.url, target.compareWith?.url].flatMap((text): Endpoint[] => {
      const parsed = typeof text === 'string' ? parseUrl(text) : undefined;
      return parsed?.host === undefined ? [] : [{ host: parsed.host, port: parsed.port ?? (parsed.scheme === 'wss' ? 443 : 80) }];
    });
  },
  plain(target) {
    if (target.tls !== undefined) return target.tls.mode === 'disable';
    return typeof target.url === 'string' && parseUrl(target.url)?.scheme === 'ws';
  },
  check(target: Target) {
    const { compareWith } = target;
    return [
      ...urlProblems(target.url, target.tls, []),
      ...(compareWith ? urlProblems(compareWith.url, compareWith.tls, ['compareWith']) : []),
      ...stepProblems(target.steps),
    ];
  },
  variablesAt({ steps }, [area, index]) {
    if (area !== 'steps' || typeof index !== 'number') return [];
    return steps.slice(0, index).flatMap((earlier) => ('expect' in earlier ? Object.keys(earlier.capture ?? {}) : []));
  },
});
