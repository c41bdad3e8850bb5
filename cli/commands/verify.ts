/** `synthetics verify`: the sign-off after a fix, by the deployed functions or by those behind an address. */
import { existsSync, readFileSync } from 'node:fs';
import { namesOf } from '../../deploy/plan/names';
import { kinds } from '../../functions/kinds';
import { createCloud } from '../../shared/cloud/google';
import type { Config } from '../../shared/config/config';
import { sliceHashes } from '../../shared/config/config-slice';
import { durationOrZero } from '../../shared/config/fields';
import { loadWhole, type Loaded } from '../../shared/config/load';
import { readEnvironment, type Environment } from '../../shared/environment';
import { describe } from '../../shared/fault';
import { callerBehind, callerOfDeployed } from '../../shared/verify/callers';
import { baselineSchema, type Baseline } from '../../shared/verify/changes';
import { newestVersionsBy } from '../../shared/verify/newest-versions';
import { formats, written, type Format } from '../../shared/verify/report/format';
import type { SignOff } from '../../shared/verify/verification';
import { verify as carryOut, type VerifyOptions } from '../../shared/verify/verify';
import { exitCodes, usualConfig, UsageError, type Arguments, type Command, type ExitCode } from '../command';
import { configurationOf } from '../configuration-of';
import { callersIdentity } from '../identity';
import { createProgressBar } from '../progress-bar';
import { complain, print, statusLine } from '../terminal';

const codes: Readonly<Record<SignOff, ExitCode>> = {
  signed_off: exitCodes.good,
  not_signed_off: exitCodes.bad,
  inconclusive: exitCodes.unknown,
};

/** Who waits longer ends it. */
const budgetMs = 86_400_000;

/** The client starts only then, and the way to Google is longer from here. */
const listingMs = 5000;

type Values = Arguments['values'];

/** What was written behind the options, checked. */
interface Asked {
  readonly base?: URL;
  readonly rounds?: number;
  readonly intervalMs?: number;
  readonly format: Format;
  readonly baseline?: Baseline;
  readonly issue?: string;
}

function textIn(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function baselineIn(path: string): Baseline {
  const wrong = (why: string): UsageError =>
    new UsageError(`--baseline ${path}: ${why}; allowed: a file with an earlier answer, --format json`);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrong(describe(error).message);
  }
  const read = baselineSchema.safeParse(document);
  if (!read.success) throw wrong(`is no answer of verify (${read.error.issues[0]?.path.join('.') || 'the whole'})`);
  return read.data;
}

function askedBy(values: Values): Asked {
  const [url, rounds, interval, format = 'text', baseline, issue] = ['url', 'rounds', 'interval', 'format', 'baseline', 'issue'].map(
    (name) => textIn(values, name),
  );
  const base = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  if (url !== undefined && !/^https?:$/.test(base?.protocol ?? ''))
    throw new UsageError(`--url ${url} is no address; allowed: http://… or https://…`);
  if (rounds !== undefined && !/^([1-9]\d?|100)$/.test(rounds))
    throw new UsageError(`--rounds ${rounds} is wrong; allowed: a whole number from 1 to 100`);
  const pause = interval === undefined ? undefined : durationOrZero.safeParse(interval);
  if (pause && !pause.success) throw new UsageError(`--interval ${interval} is wrong; allowed: a duration, e.g. 500ms, 10s, 2m`);
  const known = formats.find((each) => each === format);
  if (!known) throw new UsageError(`--format ${format} is wrong; allowed: ${formats.join(', ')}`);
  return {
    base,
    rounds: rounds === undefined ? undefined : Number(rounds),
    intervalMs: pause?.data,
    format: known,
    baseline: baseline === undefined ? undefined : baselineIn(baseline),
    issue,
  };
}

/** Where no file is named and none lies here, what answers at the address may tell what it runs with. */
async function configFor(path: string, { base }: Asked, { project }: Environment): Promise<Loaded> {
  if (base && path === usualConfig && !existsSync(path)) return configurationOf(base, kinds);
  return loadWhole(path, kinds, { project });
}

/** What reaches the functions, and what tells the newest versions of secrets. */
function surroundings(
  config: Config,
  { base }: Asked,
  environment: Environment,
): Pick<VerifyOptions, 'caller' | 'newestVersions'> & { readonly close: () => Promise<void> } {
  const cloud = createCloud(config.project, environment);
  const complained = (message: string): void => complain(`synthetics verify: the newest versions of secrets are not all known: ${message}`);
  const newestVersions = newestVersionsBy(cloud, complained, listingMs);
  const close = (): Promise<void> => cloud.close();
  // Behind an address may be anything: Google is not asked about it, unless an emulator stands in.
  if (base) return { caller: callerBehind(base), newestVersions: environment.secretManagerEmulator ? newestVersions : undefined, close };
  const names = namesOf(config.environment);
  const caller = callerOfDeployed({ config, rest: () => cloud.rest(), identity: callersIdentity(), nameOf: names.function });
  return { caller, newestVersions, close };
}

async function run({ config: path, values }: Arguments): Promise<ExitCode> {
  const asked = askedBy(values);
  const environment = readEnvironment();
  const loaded = await configFor(path, asked, environment);
  const { config } = loaded;
  const { close, ...around } = surroundings(config, asked, environment);
  const bar = createProgressBar(statusLine());
  try {
    const verified = await carryOut(asked, {
      config,
      slices: sliceHashes(loaded, kinds),
      kinds,
      ...around,
      budgetMs,
      tell: bar.tell,
    }).finally(() => bar.stop());
    const { answer } = verified;
    print(asked.format === 'json' ? JSON.stringify(answer, null, 2) : written(verified, asked.format, asked.issue).text);
    return codes[answer.verdict];
  } finally {
    await close();
  }
}

export const verify: Command = {
  summary: 'the sign-off after a fix; exits with 0 signed off, 1 not signed off, 3 inconclusive',
  options: {
    url: { type: 'string', help: '--url BASE          the functions at BASE/functions/<kind>, not the deployed ones' },
    rounds: { type: 'string', help: '--rounds N          instead of verify.rounds' },
    interval: { type: 'string', help: '--interval D        from the end of a round to the next, e.g. 10s, instead of verify.interval' },
    format: { type: 'string', help: `--format FORMAT     ${formats.join(', ')}; default text` },
    baseline: { type: 'string', help: '--baseline FILE     an earlier answer (--format json); what changed since is told' },
    issue: { type: 'string', help: '--issue TEXT        heads the report, e.g. "#1278"' },
  },
  run,
};
