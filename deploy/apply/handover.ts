/** How bash gets its steps: a folder a lane, a file a step, words that end in NUL, so that no shell reads any of it again. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type Access } from './google';
import { quoted, shellLine, type ApiRequest, type Stage, type Step } from './step';

export interface Handover {
  /** The temporary folder of this deployment. */
  readonly folder: string;
  readonly endpoints: Access['endpoints'];
}

/** The program of a step: `gcloud`, or `requests` with a file that holds them. */
type Words = readonly [program: 'gcloud' | 'requests', ...rest: readonly string[]];

const padded = (number: number): string => String(number).padStart(5, '0');

/**
 * Writes `steps/<lane>/<number>` for each step, and what is to be said in `kept` and `notes`.
 * The words of a step: its title, 1 where it follows up, what a failure says that is none (an extended regular expression), the
 * lines of what it would take back, itself as a command line for people, and then the program and its arguments.
 */
export function handOver({ folder, endpoints }: Handover, { steps, kept, notes }: Stage): void {
  const lanes = [...new Set(steps.map(({ lane }) => lane))];
  rmSync(join(folder, 'steps'), { recursive: true, force: true });
  mkdirSync(join(folder, 'steps'), { recursive: true });
  steps.forEach((step, index) => {
    const lane = join(folder, 'steps', padded(lanes.indexOf(step.lane)));
    mkdirSync(lane, { recursive: true });
    const words = wordsOf(step, join(folder, `requests-${padded(index)}.json`));
    const fields = [
      step.title,
      step.followsUp === true ? '1' : '',
      step.done?.source ?? '',
      (step.takesBack ?? []).join('\n'),
      shown(step, endpoints),
      ...words,
    ];
    writeFileSync(join(lane, padded(index + 1)), fields.map((field) => `${field}\0`).join(''));
  });
  writeFileSync(join(folder, 'kept'), kept);
  writeFileSync(join(folder, 'notes'), notes.map((note) => `${note}\n`).join(''));
}

/** Notes which stages have nothing to do: `as-planned/<number>` holds what is to be said, in its first line, and its notes. */
export function handOverChecked(folder: string, stages: readonly Stage[]): void {
  mkdirSync(join(folder, 'as-planned'), { recursive: true });
  stages.forEach(({ steps, kept, notes }, index) => {
    if (steps.length === 0)
      writeFileSync(join(folder, 'as-planned', String(index + 1)), [kept, ...notes].map((line) => `${line}\n`).join(''));
  });
}

function wordsOf({ command }: Step, file: string): Words {
  if ('gcloud' in command) return ['gcloud', ...command.gcloud];
  writeFileSync(file, JSON.stringify(command.requests));
  return ['requests', file];
}

/** @returns what the steps do, for people. */
export function titlesOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ title, parts = [title] }) => parts);
}

/** @returns the step as lines that a person may paste into a shell. */
export function shown({ command }: Step, endpoints: Access['endpoints']): string {
  if ('gcloud' in command) return shellLine(['gcloud', ...command.gcloud]);
  return command.requests.map((request) => curl(request, endpoints)).join('\n');
}

function curl({ method, api, path, query, body }: ApiRequest, endpoints: Access['endpoints']): string {
  const address = addressOf(endpoints, api, path, query);
  const data = body === undefined ? '' : ` --json ${quoted(JSON.stringify(body))}`;
  return `curl -f -X ${method} -H "Authorization: Bearer $(gcloud auth print-access-token)" ${quoted(address)}${data}`;
}
