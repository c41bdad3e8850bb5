/** The schema of a journey's steps, and what may contradict itself in them; pure data. */
import * as z from 'zod';
import { duration, expression, isTemplate, label, variable } from '../../shared/config/fields';
import { tell } from '../../shared/config/partly';
import { expressionProblem, namesAskedFor } from '../../shared/expression';
import { conditions } from '../../shared/http/conditions';
import { requestEndpoints, requestFields, requestProblems, isPlain as isPlainRequest } from '../../shared/http/fields';
import type { Endpoint, Problem } from '../../shared/probe';
import { nameProblems } from '../../shared/script';
import * as tcp from '../../shared/tcp/dialogue';
import * as websocket from '../../shared/websocket/fields';
import { capturedBefore, reserved } from './variables';

const assertion = z.string().superRefine((text, context) => {
  const problem = isTemplate(text) ? 'it holds a template' : expressionProblem(text);
  if (problem !== undefined)
    context.addIssue({ code: 'custom', message: `is not a JMESPath expression: ${problem}; allowed: one over the names of captures` });
});

const request = z.strictObject({
  ...requestFields,
  expect: z
    .strictObject({
      status: conditions.status.schema.optional(),
      json: conditions.json.schema.optional(),
      body: conditions.body.schema.optional(),
      notBody: conditions.notBody.schema.optional(),
      headers: conditions.headers.schema.optional(),
      notHeaders: conditions.notHeaders.schema.optional(),
    })
    .optional()
    .describe('Conditions as of an http target'),
});

/** One step of a journey. */
export const step = z.strictObject({
  name: label.describe('Unique among all steps and events of the target'),
  http: request.optional(),
  websocket: z.strictObject(websocket.dialogueFields).optional(),
  tcp: z.strictObject(tcp.dialogueFields).optional(),
  pause: duration.optional().describe('Nothing is done for so long'),
  assert: assertion.optional().describe('JMESPath over the captures; only true passes'),
  capture: z.record(variable, expression).optional().describe('Variables, each with JMESPath over the JSON of an http answer'),
  within: duration.optional().describe('The most that the step may take; default: what is left of the target'),
  always: z.boolean().default(false).describe('Cleans up: done also after a step that failed'),
});

/** A step as the configuration has it. */
export type Step = z.output<typeof step>;

/** What a step can be; one of them. */
export const actions = ['http', 'websocket', 'tcp', 'pause', 'assert'] as const;

function actionProblems(item: Step): readonly Problem[] {
  const [first, ...others] = actions.filter((action) => action in item);
  if (first === undefined) return [{ path: [], message: `does nothing; allowed: one of ${actions.join(', ')}` }];
  return others.map((other) => ({ path: [other], message: `stands beside ${first}; allowed: one of ${actions.join(', ')}` }));
}

function captureProblems(item: Step): readonly Problem[] {
  if (!('capture' in item) || 'http' in item) return [];
  return [{ path: ['capture'], message: 'stands without http; allowed: beside http; websocket and tcp capture in their own steps' }];
}

/** The given variables are not captured anew. */
function reservedProblems(item: Step): readonly Problem[] {
  const found = (names: readonly string[], path: readonly (string | number)[]): readonly Problem[] =>
    names
      .filter((name) => reserved.has(name))
      .map((name) => ({ path: [...path, name], message: `${JSON.stringify(name)} is a variable that is given; allowed: other names` }));
  return [
    ...tell(() => found(Object.keys(item.capture ?? {}), ['capture'])),
    ...tell(() =>
      (item.websocket?.steps ?? []).flatMap((inner, index) =>
        'expect' in inner ? found(Object.keys(inner.capture ?? {}), ['websocket', 'steps', index, 'capture']) : [],
      ),
    ),
    ...tell(() =>
      (item.tcp?.steps ?? []).flatMap((inner, index) =>
        'expect' in inner && inner.capture !== undefined
          ? found([inner.capture], ['tcp', 'steps', index]).map((problem) => ({ ...problem, path: ['tcp', 'steps', index, 'capture'] }))
          : [],
      ),
    ),
  ];
}

function innerProblems(item: Step): readonly Problem[] {
  const below = (action: string, problems: readonly Problem[]): readonly Problem[] =>
    problems.map(({ path, message }) => ({ path: [action, ...path], message }));
  return [
    ...tell(() => (item.http ? below('http', requestProblems(item.http)) : [])),
    ...tell(() => (item.websocket ? below('websocket', websocket.dialogueProblems(item.websocket)) : [])),
    ...tell(() => (item.tcp ? below('tcp', tcp.dialogueProblems(item.tcp)) : [])),
  ];
}

/** Each name of a step, and of an event inside one, becomes a label's value: they are unique together. */
function eventProblems(steps: readonly Step[]): readonly Problem[] {
  const places = new Map<string, { readonly owner: number | undefined; readonly place: string }>();
  const names = steps.flatMap((item, index) => tell(() => [[item.name, `steps[${index}]`] as const]));
  for (const [name, place] of names) if (!places.has(name)) places.set(name, { owner: undefined, place });
  const judge = (name: string, owner: number, inner: number): readonly Problem[] => {
    const first = places.get(name);
    if (!first) places.set(name, { owner, place: `steps[${owner}].websocket.steps[${inner}]` });
    // Within one dialogue it is told already.
    if (!first || first.owner === owner) return [];
    const message = `${JSON.stringify(name)} is the name of ${first.place}, too; allowed: each name once in a target`;
    return [{ path: ['steps', owner, 'websocket', 'steps', inner, 'name'], message }];
  };
  return steps.flatMap((item, index) =>
    tell(() =>
      (item.websocket?.steps ?? []).flatMap((event, inner) =>
        'expect' in event && event.name !== undefined ? judge(event.name, index, inner) : [],
      ),
    ),
  );
}

function assertProblems(steps: readonly Step[]): readonly Problem[] {
  const judge = (assert: string, index: number): readonly Problem[] => {
    const known = [...reserved, ...capturedBefore(steps, index)];
    const values = Object.fromEntries(known.map((name) => [name, null]));
    return namesAskedFor(assert, values).map((name) => ({
      path: ['steps', index, 'assert'],
      message: `asks for ${JSON.stringify(name)}, which no step before captures; allowed: ${known.join(', ')}`,
    }));
  };
  return steps.flatMap((item, index) => tell(() => (item.assert === undefined ? [] : judge(item.assert, index))));
}

/** @returns what contradicts itself; the paths begin at `steps`. */
export function stepProblems(steps: readonly Step[]): readonly Problem[] {
  const single = steps.flatMap((item, index) =>
    [...actionProblems(item), ...captureProblems(item), ...reservedProblems(item), ...innerProblems(item)].map(
      ({ path, message }): Problem => ({ path: ['steps', index, ...path], message }),
    ),
  );
  return [...tell(() => nameProblems(steps)), ...single, ...tell(() => eventProblems(steps)), ...tell(() => assertProblems(steps))];
}

/** @returns where a step leads, as far as it is known without its secrets. */
export function endpointsOf({
  http,
  websocket: dialogue,
  tcp: lines,
}: Pick<StepAddresses, 'http' | 'websocket' | 'tcp'>): readonly Endpoint[] {
  return [
    ...(http ? requestEndpoints(http.url) : []),
    ...(dialogue ? websocket.endpointsOf(dialogue.url) : []),
    ...(lines ? tcp.endpointsOf(lines) : []),
  ];
}

interface StepAddresses {
  readonly http?: { readonly url: string };
  readonly websocket?: { readonly url: string };
  readonly tcp?: { readonly host: string; readonly port?: number };
}

/** @returns whether a step surely speaks no TLS. */
export function isPlain({ http, websocket: dialogue, tcp: lines }: Step): boolean {
  if (http) return isPlainRequest(http);
  if (dialogue) return websocket.isPlain(dialogue);
  return lines === undefined || tcp.isPlain(lines);
}
