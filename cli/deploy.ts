/** What deploy.sh asks of Node: to plan, to say what a stage wants done, to carry requests out, to wait, to sum up. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from '../shared/config/problems';
import { check, NotReady } from '../deploy/apply/check';
import { ApiError } from '../deploy/apply/google';
import { handOver, handOverChecked, titlesOf } from '../deploy/apply/handover';
import { recall, surroundingsOf } from '../deploy/apply/preparation';
import { carryOut } from '../deploy/apply/requests';
import { MissingBundle } from '../deploy/apply/sources';
import { deleting, deploying } from '../deploy/apply/stages';
import { summaryLines } from '../deploy/apply/summary';
import { ForeignError, type Surroundings } from '../deploy/apply/surroundings';
import { waitForRuns } from '../deploy/apply/wait';
import { UsageError } from './command';
import { complain, endWith, print, tellBriefly } from './terminal';

/**
 * 1: something failed; 2: wrong usage or configuration; 3: in place, but not every function has written its heartbeat;
 * 4: the token is not taken (any more), which deploy.sh sees to.
 */
const exitCodes = { good: 0, failed: 1, usage: 2, silent: 3, refused: 4 } as const;

const options = {
  work: { type: 'string', default: '' },
  config: { type: 'string', default: 'synthetics.yaml' },
  project: { type: 'string' },
  only: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  delete: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const standardInput = (): string => readFileSync(0, 'utf8').trim();

const say = (...lines: readonly string[]): void => lines.forEach(print);

function surroundings({ work, 'dry-run': dry }: Values): Surroundings {
  return surroundingsOf(recall(work), { token: standardInput(), root: process.cwd(), ...(!dry && { workFolder: work }) });
}

/** Writes the steps of a stage into the work folder. */
async function stage(name: string, values: Values): Promise<void> {
  const wanted = (values.delete ? deleting : deploying)[name];
  if (!wanted) throw new UsageError(`unknown stage ${name}`);
  const { endpoints } = recall(values.work);
  handOver({ folder: values.work, endpoints }, await wanted(surroundings(values)));
}

/** Prints everything that a deletion would remove. */
async function list(values: Values): Promise<void> {
  const around = surroundings(values);
  const stages = await Promise.all(Object.values(deleting).map(async (wanted) => wanted(around)));
  say(...stages.flatMap(({ steps }) => titlesOf(steps)));
}

async function wait(values: Values): Promise<number> {
  const { lines, complete } = await waitForRuns(surroundings(values), values.work, tellBriefly);
  say(...lines);
  return complete ? exitCodes.good : exitCodes.silent;
}

async function run([command = '', ...rest]: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
  const [first = ''] = positionals;
  if (command === 'prepare') {
    // Nothing else needs the schemas of all kinds, which take longer to load than all the rest.
    const { prepare } = await import('./deploy-preparation.js');
    say(...prepare(values, standardInput()));
  } else if (command === 'check') handOverChecked(values.work, await check(surroundings({ ...values, 'dry-run': true })));
  else if (command === 'stage') await stage(first, values);
  else if (command === 'list') await list({ ...values, 'dry-run': true });
  else if (command === 'wait') return wait(values);
  else if (command === 'summary') say(...(await summaryLines(surroundings(values))));
  else if (command === 'requests') {
    const { plan, endpoints } = recall(values.work);
    await carryOut(first, { token: standardInput(), project: plan.project, endpoints });
  } else throw new UsageError(`unknown command ${command}`);
  return exitCodes.good;
}

run(process.argv.slice(2)).then(endWith, (error: unknown) => {
  const isUsage = [ConfigError, UsageError, NotReady].some((known) => error instanceof known);
  const isKnown = isUsage || [ForeignError, MissingBundle, ApiError].some((known) => error instanceof known);
  complain(error instanceof Error ? (isKnown ? error.message : (error.stack ?? error.message)) : String(error));
  const isRefused = error instanceof ApiError && error.status === 401;
  endWith(isUsage ? exitCodes.usage : isRefused ? exitCodes.refused : exitCodes.failed);
});
