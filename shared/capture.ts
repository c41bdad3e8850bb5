/** Takes values out of a JSON answer, so that later steps can use them. */
import { evaluate } from './expression';
import { Fault } from './fault';
import type { ProbeContext } from './probe';

/** A value that was taken, and as templates have it: text, or JSON of what is no text. */
export interface Captured {
  readonly name: string;
  readonly value: unknown;
  readonly text: string;
}

/** @returns the value and its text; undefined where there is none, or none that could be written (nested without end). */
function valueOf(expression: string, json: unknown): Omit<Captured, 'name'> | undefined {
  try {
    const value = evaluate(expression, json) ?? undefined;
    const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
    return text === undefined ? undefined : { value, text };
  } catch (error) {
    if (error instanceof Fault) throw error;
    return undefined;
  }
}

/**
 * @param expressions JMESPath by the name of the variable.
 * @throws Fault `assertion_failed` where one yields nothing, or can't be evaluated; `prober_exhausted` where that takes too long.
 */
export function captureFrom(
  json: unknown,
  expressions: Readonly<Record<string, string>>,
  context: Pick<ProbeContext, 'capture'>,
): readonly Captured[] {
  return Object.entries(expressions).map(([name, expression]) => {
    const found = valueOf(expression, json);
    if (found === undefined) throw new Fault('assertion_failed', `${expression} yields nothing to capture`);
    context.capture(found.text);
    return { name, ...found };
  });
}
