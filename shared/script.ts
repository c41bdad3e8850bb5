/** Plays a script: its steps in turn, each told by a finding, whatever it is spoken over. */
import { monotonic } from './clock';
import { Fault } from './fault';
import { tell } from './config/partly';
import type { Problem, ProbeContext } from './probe';
import { isMonitors } from './reasons';
import { roundMs } from './result';

/** What a script may begin with. */
export interface ScriptOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Is given the latencies so far after each named step. */
  readonly told?: (latencies: Readonly<Record<string, number>>) => void;
  /** Is given each capture at once: what it is in JSON, and as the text that the variable is. */
  readonly captured?: (name: string, value: unknown, text: string) => void;
}

/** What a script leaves behind. */
export interface Played {
  /** Milliseconds a named step took. */
  readonly latencies: Readonly<Record<string, number>>;
  /** The variables given, and those that the steps captured. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Carries one step out. @returns what is said of it; what it captures is added to the variables. */
export type Act<Step> = (step: Step, variables: Record<string, string>, index: number) => Promise<string>;

function nameOf(step: object): string | undefined {
  return 'name' in step && typeof step.name === 'string' ? step.name : undefined;
}

/**
 * Plays the steps in turn until one fails. The subject of a step's finding is its name, else its place.
 * @throws the Fault of the step that failed, after its finding; its message begins with the step.
 */
export async function playSteps<Step extends object>(
  steps: readonly Step[],
  act: Act<Step>,
  context: Pick<ProbeContext, 'render' | 'find'>,
  { variables: given = {}, told = () => {} }: ScriptOptions = {},
): Promise<Played> {
  const latencies: Record<string, number> = {};
  const variables = { ...given };
  for (const [index, template] of steps.entries()) {
    const name = nameOf(template);
    const subject = name ?? `steps[${index}]`;
    const begun = monotonic();
    try {
      const message = await act(context.render(template, variables), variables, index);
      const durationMs = monotonic() - begun;
      context.find({ subject, outcome: 'success', reason: null, message, durationMs });
      if (name !== undefined) {
        latencies[name] = roundMs(durationMs);
        told({ ...latencies });
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { reason, message, code, hint } = error;
      const outcome = isMonitors(reason) ? 'unknown' : 'failure';
      context.find({ subject, outcome, reason, message, durationMs: monotonic() - begun });
      throw new Fault(reason, `${subject}: ${message}`, { code, hint, cause: error });
    }
  }
  return { latencies, variables };
}

/** @returns what is wrong with the names of a script's steps; the paths begin at `steps`. */
export function nameProblems(steps: readonly object[]): readonly Problem[] {
  const names = steps.map((item) => tell(() => [nameOf(item)])[0]);
  return names.flatMap((name, index): Problem[] => {
    const first = names.indexOf(name);
    if (name === undefined || first === index) return [];
    const message = `${JSON.stringify(name)} is the name of steps[${first}], too; allowed: each name once in a target`;
    return [{ path: ['steps', index, 'name'], message }];
  });
}
