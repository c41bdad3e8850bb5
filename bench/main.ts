/** `npm run bench`: measures, prints a table, and writes the results. */
import { monotonic, timestamp } from '../shared/clock';
import { describe } from '../shared/fault';
import { isMet, type Figure } from './figures';
import { describeMachine } from './machine';
import { measureAccuracy } from './measurements/accuracy';
import { measureColdStart } from './measurements/cold-start';
import { measureConfiguration } from './measurements/configuration';
import { measureMemory } from './measurements/memory';
import { measureTelemetry } from './measurements/telemetry';
import { measureThroughput } from './measurements/throughput';
import { measureWarmRun } from './measurements/warm-run';
import { readResults, writeResults, type Measured, type Results } from './results';
import { startSurroundings, type Surroundings } from './surroundings';
import { tableOf } from './table';

interface Measurement {
  readonly title: string;
  readonly measure: (surroundings: Surroundings, say: (line: string) => void) => Promise<readonly Figure[]>;
}

/** By the name under which each can be asked for. */
const measurements: Readonly<Record<string, Measurement>> = {
  'cold-start': { title: 'Cold start', measure: measureColdStart },
  'warm-run': { title: 'Warm run, one target', measure: measureWarmRun },
  throughput: { title: 'Many targets, concurrency 20', measure: measureThroughput },
  memory: { title: 'Memory peak', measure: measureMemory },
  accuracy: { title: 'Latency told too much', measure: measureAccuracy },
  telemetry: { title: 'Telemetry', measure: measureTelemetry },
  configuration: { title: 'Configuration, 10 000 targets', measure: measureConfiguration },
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Keeps a measurement beside what was kept of the others. */
async function keep(name: string, measured: Measured, isForReadme: boolean): Promise<void> {
  const all: Results = { ...earlierResults(isForReadme), [name]: measured };
  await writeResults(Object.fromEntries(Object.keys(measurements).flatMap((key) => (all[key] ? [[key, all[key]]] : []))), isForReadme);
}

function earlierResults(isForReadme: boolean): Results {
  if (!isForReadme) return {};
  try {
    return readResults();
  } catch {
    say('No earlier results could be read: what they held of other measurements is left out');
    return {};
  }
}

/** The word that puts the figures into the repository, for the README. */
const keeping = 'keep';

/** @returns the exit code: 0 where every budget is met, 1 where one is missed, 2 for wrong usage; also what could not be measured ends with 2. */
async function main(given: readonly string[]): Promise<number> {
  const names = given.filter((each) => each !== keeping);
  const wrong = names.find((name) => !Object.hasOwn(measurements, name));
  if (wrong !== undefined) {
    say(`${wrong} is no measurement; there are: ${Object.keys(measurements).join(', ')}; and ${keeping}`);
    return 2;
  }
  const chosen = Object.entries(measurements).filter(([name]) => names.length === 0 || names.includes(name));
  const machine = await describeMachine();
  print(`${Object.values(machine).join(', ')}\nMedians, with the quartiles in brackets.\n`);
  const surroundings = await startSurroundings(say);
  const all: Figure[] = [];
  try {
    for (const [name, { title, measure }] of chosen) {
      say(`${title} …`);
      const [began, startedAt] = [monotonic(), timestamp()];
      const figures = await measure(surroundings, say);
      print(`${tableOf(title, figures)}\n`);
      await keep(name, { startedAt, machine, figures }, given.includes(keeping));
      all.push(...figures);
      say(`${title}: measured in ${Math.round((monotonic() - began) / 1000)} s`);
    }
  } finally {
    await surroundings.close();
  }
  const missed = all.filter((figure) => isMet(figure) === false);
  print(missed.length === 0 ? 'Every budget is met.' : `Missed: ${missed.map(({ what }) => what).join('; ')}`);
  return missed.length === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    say(`Not measured: ${describe(error).message}`);
    process.exitCode = 2;
  },
);
