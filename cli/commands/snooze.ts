/** `synthetics snooze`: silences the alert policies of one environment for one target, for maintenance. */
import { snoozesOf, type Snooze } from '../../deploy/monitoring/snooze';
import { namesOf } from '../../deploy/plan/names';
import { kinds } from '../../functions/kinds';
import { timestamp, wallClock } from '../../shared/clock';
import type { RestApis } from '../../shared/cloud/cloud';
import { createCloud } from '../../shared/cloud/google';
import type { Target } from '../../shared/config/config';
import { formatDuration, parseDuration } from '../../shared/config/duration';
import { loadConfig } from '../../shared/config/load';
import { nearest } from '../../shared/config/nearest';
import { readEnvironment } from '../../shared/environment';
import { describe, Fault } from '../../shared/fault';
import { exitCodes, UsageError, type Arguments, type Command, type ExitCode } from '../command';
import { complain, print } from '../terminal';

const shortestMs = 60_000;
/** Longer silences are forgotten: a target that is not to be watched is taken out of the configuration. */
const longestMs = 7 * 86_400_000;
/** Snoozes that are made at once. */
const atOnce = 5;
const allMs = 60_000;

/** @throws UsageError where the word names no target. */
function targetNamed(words: readonly string[], targets: readonly Target[]): Target {
  const [word, ...others] = words;
  if (word === undefined || others.length > 0)
    throw new UsageError('names no one target; allowed: synthetics snooze TARGET --for 30m --reason TEXT');
  const target = targets.find(({ name }) => name === word);
  if (target) return target;
  const names = targets.map(({ name }) => name);
  const meant = nearest(word, names);
  const hint =
    meant === undefined ? `allowed: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}` : `did you mean ${meant}?`;
  throw new UsageError(`${JSON.stringify(word)} is not a target; ${hint}`);
}

/** @throws UsageError where it is no duration between a minute and a week. */
function durationOf(given: unknown): number {
  const length = typeof given === 'string' ? parseDuration(given) : undefined;
  if (length !== undefined && length >= shortestMs && length <= longestMs) return length;
  const what = typeof given === 'string' ? `--for ${given} is not` : '--for is missing:';
  throw new UsageError(`${what} a duration from 1m to 7d, e.g. 30m`);
}

/** @throws UsageError where it is missing or empty. */
function reasonOf(given: unknown): string {
  const reason = typeof given === 'string' ? given.trim() : '';
  if (reason === '') throw new UsageError('--reason is missing: say what is done, and by whom');
  return reason;
}

interface PolicyPage {
  readonly alertPolicies?: readonly { readonly name?: string; readonly userLabels?: Readonly<Record<string, string>> }[];
  readonly nextPageToken?: string;
}

/** @returns the full names of the policies that bear all the labels. */
async function policiesOf(
  apis: RestApis,
  project: string,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const query = new URLSearchParams({ pageSize: '1000', ...(token === '' ? {} : { pageToken: token }) });
    const page = (await apis.get('monitoring', `/v3/projects/${project}/alertPolicies?${query.toString()}`, signal)) as PolicyPage;
    const ours = (page.alertPolicies ?? []).filter(({ userLabels = {} }) =>
      Object.entries(labels).every(([key, value]) => userLabels[key] === value),
    );
    found.push(...ours.flatMap(({ name }) => (name === undefined ? [] : [name])));
    token = page.nextPageToken || undefined;
  }
  return found.toSorted();
}

/** What came of the snoozes: those that were made, by their names, and the first error. */
interface Made {
  readonly names: readonly string[];
  readonly error?: unknown;
}

async function makeAll(apis: RestApis, project: string, snoozes: readonly Snooze[], signal: AbortSignal): Promise<Made> {
  const names: string[] = [];
  for (let index = 0; index < snoozes.length; index += atOnce) {
    const answers = await Promise.allSettled(
      snoozes.slice(index, index + atOnce).map((snooze) => apis.post('monitoring', `/v3/projects/${project}/snoozes`, snooze, signal)),
    );
    for (const answer of answers) if (answer.status === 'fulfilled') names.push((answer.value as { name: string }).name);
    const refused = answers.find((answer) => answer.status === 'rejected');
    if (refused) return { names, error: refused.reason as unknown };
  }
  return { names };
}

const localTime = (milliseconds: number): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds);

/** How to end a silence before its time. */
function ending(names: readonly string[], project: string): string {
  const [first = ''] = names;
  return names.length === 1
    ? `gcloud monitoring snoozes cancel ${first} --project=${project}`
    : `for snooze in ${names.join(' ')}; do gcloud monitoring snoozes cancel "$snooze" --project=${project}; done`;
}

/** What to do about an error of the API. */
function advice(error: unknown): string {
  const denied = error instanceof Fault && error.reason === 'api_denied';
  return denied
    ? '\nLog in with: gcloud auth application-default login; roles/monitoring.snoozeEditor and roles/monitoring.viewer are needed.'
    : '';
}

async function carryOut({ config: path, positionals, values }: Arguments): Promise<ExitCode> {
  const config = loadConfig(path, kinds);
  const target = targetNamed(positionals, config.targets);
  const length = durationOf(values['for']);
  const reason = reasonOf(values['reason']);
  const environment = readEnvironment();
  const project = environment.project ?? config.project;
  const cloud = createCloud(project, environment);
  const signal = AbortSignal.timeout(allMs);
  try {
    const policies = await policiesOf(cloud.rest(), project, namesOf(config.environment).labels, signal);
    if (policies.length === 0)
      throw new UsageError(
        `project ${project} has no alert policies of the environment ${config.environment}: deploy first, with ./deploy.sh`,
      );
    const from = wallClock();
    const until = from + length;
    const snoozes = snoozesOf({ environment: config.environment, target, from, until, reason }, policies);
    const { names, error } = await makeAll(cloud.rest(), project, snoozes, signal);
    if (error === undefined) {
      const what = `${policies.length} alert ${policies.length === 1 ? 'policy' : 'policies'} of ${config.environment}`;
      print(`${target.kind} ${target.name} is silent for ${formatDuration(length)}, in ${what}.`);
      print(`Until: ${localTime(until)} (${timestamp(until)})\nReason: ${reason}\n\nTo end it early:\n${ending(names, project)}`);
      return exitCodes.good;
    }
    complain(
      `synthetics snooze: ${names.length} of ${policies.length} policies are silent for ${target.name}; the next was refused: ${describe(error).message}${advice(error)}`,
    );
    if (names.length > 0) complain(`\nTo take back what was done:\n${ending(names, project)}`);
    return exitCodes.unknown;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    complain(`synthetics snooze: the policies could not be listed: ${error.message}${advice(error)}`);
    return exitCodes.unknown;
  } finally {
    await cloud.close();
  }
}

export const snooze: Command = {
  summary: "silences one target's alerts for a while",
  operands: 'TARGET',
  options: {
    for: { type: 'string', help: '--for DURATION      1m to 7d, e.g. 30m' },
    reason: { type: 'string', help: '--reason TEXT       what is done, and by whom' },
  },
  run: carryOut,
};
