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

function valueOf(expression: string, json: unknown): unknown {
  try {
    return evaluate(expression, json) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param expressions JMESPath by the name of the variable.
 * @throws Fault `assertion_failed` where one yields nothing, or can't be evaluated.
 */
export function captureFrom(
  json: unknown,
  expressions: Readonly<Record<string, string>>,
  context: Pick<ProbeContext, 'capture'>,
): readonly Captured[] {
  return Object.entries(expressions).map(([name, expression]) => {
    const value = valueOf(expression, json);
    if (value === undefined) throw new Fault('assertion_failed', `${expression} yields nothing to capture`);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    context.capture(text);
    return { name, value, text };
  });
}
