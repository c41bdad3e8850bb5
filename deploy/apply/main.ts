/** What deploy.sh asks of Node: to plan, to say what a stage wants done, to carry requests out, to wait, to sum up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kinds } from '../../functions/kinds';
import { loadWhole } from '../../shared/config/load';
import { ConfigError } from '../../shared/config/problems';
import { buildPlan } from '../plan/build';
import { ApiError } from './google';
import { handOver } from './handover';
import { endpointsIn, keep, recall, surroundingsOf } from './preparation';
import { carryOut } from './requests';
import { MissingBundle } from './sources';
import { stages } from './stages';
import { ForeignError } from './surroundings';

/** 1: something failed; 2: wrong usage or configuration. */
const exitCodes = { good: 0, failed: 1, usage: 2 } as const;

class UsageError extends Error {}

const options = {
  work: { type: 'string' },
  config: { type: 'string' },
  project: { type: 'string' },
  only: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const standardInput = (): string => readFileSync(0, 'utf8').trim();

/** Reads gcloud's settings from standard input, plans, and prints what is about to happen. */
function prepare(work: string, { config = 'synthetics.yaml', project, only }: Values): void {
  const loaded = loadWhole(config, kinds, { project });
  const plan = buildPlan(loaded, kinds, () => ({
    descriptors: [],
    policies: [],
    dashboard: { displayName: '', labels: {}, mosaicLayout: { columns: 12, tiles: [] } },
    uptimeChecks: [],
    syntheticMonitors: [],
  }));
  const chosen = only?.split(',').map((kind) => kind.trim());
  const planned = plan.functions.map(({ kind }) => kind);
  const unknown = chosen?.find((kind) => !planned.includes(kind));
  if (unknown !== undefined) throw new UsageError(`--only ${unknown}: the configuration has no such function; it has ${planned.join(', ')}`);
  keep(work, { plan, ...(chosen && { only: chosen }), endpoints: endpointsIn(standardInput()) });
  say(`${plan.environment}\n${plan.project}\n${plan.region}\n${Object.keys(stages).join('\n')}`);
}

/** Writes the steps of a stage into the work folder. */
async function stage(work: string, name: string, { 'dry-run': dry }: Values): Promise<void> {
  const preparation = recall(work);
  const around = surroundingsOf(preparation, {
    token: standardInput(),
    root: process.cwd(),
    ...(dry !== true && { sourcesFolder: join(work, 'sources') }),
  });
  const wanted = stages[name];
  if (!wanted) throw new UsageError(`unknown stage ${name}`);
  handOver({ folder: work, endpoints: preparation.endpoints }, await wanted(around));
}

async function run([command = '', ...rest]: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
  const { work } = values;
  const [first = ''] = positionals;
  if (work === undefined) throw new UsageError('--work is missing');
  if (command === 'prepare') return prepare(work, values);
  if (command === 'stage') return stage(work, first, values);
  if (command === 'requests') return carryOut(first, { token: standardInput(), endpoints: recall(work).endpoints });
  throw new UsageError(`unknown command ${command}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof ConfigError || error instanceof UsageError;
  const isKnown = isUsage || [ForeignError, MissingBundle, ApiError].some((known) => error instanceof known);
  const text = error instanceof Error ? (isKnown ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = isUsage ? exitCodes.usage : exitCodes.failed;
});
