/** Whatever servers do, and in whatever order: a run answers within its budget, and every target has one result that makes sense. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createAuthority, type CertificatePair } from '../../local/services/certificates';
import { longestMs } from '../../shared/config/budget';
import { isMonitors, reasons } from '../../shared/reasons';
import type { Result } from '../../shared/result';
import { chanceOf, pick, type Chance } from '../shared/diagnose/random-graphs';
import { watchLeaks } from '../support/leaks';
import { toPort, toTls, type Member } from './company';
import { configFor, runMixed } from './mixed-run';
import { seedsOf, whimsBy } from './whims';
import type { Wanted } from './whims-program';

const seeds = seedsOf(Number(process.env['TIME_SEEDS'] ?? 2));
const count = Number(process.env['TIME_TARGETS'] ?? 45);
/** What a busy machine may add to the time of one attempt, and to that of a run. */
const slackMs = 1500;

let pair: CertificatePair;
beforeAll(async () => {
  pair = await (await createAuthority()).issue();
});

interface Case extends Wanted {
  readonly member: (port: number) => Member;
}

function caseBy(chance: Chance): Case {
  const isTls = chance() < 0.25;
  const leads = isTls ? toTls : toPort;
  const kind = pick(Object.keys(leads), chance);
  const whims = whimsBy(chance);
  // Sometimes it speaks TLS as it should, and the rest is said inside of it.
  const tls = isTls && chance() < 0.7 ? pair : undefined;
  const confirm = { attempts: pick([1, 2, 3], chance), interval: '50ms' };
  const more = { timeout: `${500 + Math.floor(chance() * 500)}ms`, confirm, ...(isTls ? { tls: { mode: 'require' } } : {}) };
  return { whims, tls, member: (port) => ({ kind, isWell: false, spec: { ...leads[kind]?.({ port }), ...more } }) };
}

/** Starts the servers in a process of their own. */
async function startServers(wanted: readonly Wanted[]): Promise<{ readonly ports: readonly number[]; close(): Promise<void> }> {
  const child = fork(join(__dirname, 'whims-program.js'));
  child.send(wanted);
  const [ports] = (await once(child, 'message')) as [readonly number[]];
  return {
    ports,
    async close() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** @returns what is wrong with a result, in words. */
function wrongs(result: Result, timeoutMs: number, attempts: number): readonly string[] {
  const { outcome, reason, durationMs, phases, message } = result;
  const isKnown = reason !== null && Object.hasOwn(reasons, reason);
  const phasesMs = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
  return [
    ...(durationMs >= 0 && durationMs <= timeoutMs + slackMs ? [] : [`took ${durationMs} of ${timeoutMs} ms`]),
    ...(phasesMs <= durationMs + 1 ? [] : [`phases of ${phasesMs} ms in ${durationMs} ms`]),
    ...(result.attempts >= 1 && result.attempts <= attempts ? [] : [`${result.attempts} attempts of ${attempts}`]),
    ...((outcome === 'success') === (reason === null) ? [] : [`${outcome} with reason ${reason}`]),
    ...(reason === null || (isKnown && isMonitors(reason) === (outcome === 'unknown')) ? [] : [`${outcome} with reason ${reason}`]),
    // Whatever a server does, it is never the monitor's own mistake.
    ...(reason === 'internal' || reason === 'config_invalid' ? [`${reason}: ${message}`] : []),
  ];
}

test.each(seeds)(
  'servers of whims, seed %i',
  async (seed) => {
    const chance = chanceOf(seed);
    const cases = Array.from({ length: count }, () => caseBy(chance));
    const concurrency = pick([3, 20, 100], chance);
    const servers = await startServers(cases);
    const members = cases.map(({ member }, index) => [`t${index}`, member(servers.ports[index] ?? 0)] as const);
    const config = configFor(Object.fromEntries(members), {});
    // No worse than any list of jobs on so many machines (Graham, 1966).
    const longest = config.targets.map(longestMs);
    const budgetMs = longest.reduce((sum, ms) => sum + ms, 0) / concurrency + Math.max(...longest) + slackMs;
    const leaks = await watchLeaks();
    const { report, tookMs, points } = await runMixed(config, { concurrency });
    await leaks.assertNothingLeft();
    await servers.close();
    const broken = report.results.flatMap((result) => {
      const target = config.targets.find(({ name }) => name === result.target);
      const found = wrongs(result, target?.timeoutMs ?? 0, target?.confirm.attempts ?? 0);
      const { whims } = cases[Number(result.target.slice(1))] ?? {};
      return found.map((wrong) => `${result.kind} ${result.target}: ${wrong}; schedule ${JSON.stringify(whims)}`);
    });
    if (broken.length > 0) throw new Error(`seed ${seed}: ${broken.join('\n')}`);
    expect(report.results.map(({ target }) => target).toSorted()).toEqual(members.map(([name]) => name).toSorted());
    expect({ seed, isInTime: tookMs < budgetMs, tookMs }).toMatchObject({ seed, isInTime: true });
    // One word for each target, and none for one that could not be told.
    const told = points.filter(({ metric }) => metric === 'probe/success').map(({ task }) => task.task_id);
    const known = report.results.filter(({ outcome }) => outcome !== 'unknown').map(({ target }) => target);
    expect(told.toSorted()).toEqual(known.toSorted());
  },
  120_000,
);
