/** Whatever servers do, and in whatever order: a run answers within its budget, and every target has one result that makes sense. */
import { createAuthority, type CertificatePair } from '../../local/services/certificates';
import { isMonitors, reasons } from '../../shared/reasons';
import type { Result } from '../../shared/result';
import { chanceOf, pick, type Chance } from '../shared/diagnose/random-graphs';
import { watchLeaks } from '../support/leaks';
import type { RawServer } from '../support/raw-server';
import { toPort, toTls, type Member } from './company';
import { configFor, runMixed } from './mixed-run';
import { seedsOf, whimsBy, whimsicalServer, type Whim } from './whims';

const seeds = seedsOf(Number(process.env['TIME_SEEDS'] ?? 2));
const count = Number(process.env['TIME_TARGETS'] ?? 45);
/** What a busy machine may add to the time of one attempt, and to that of a run. */
const slackMs = 1500;

let pair: CertificatePair;
beforeAll(async () => {
  pair = await (await createAuthority()).issue();
});

interface Case {
  readonly member: Member;
  readonly whims: readonly Whim[];
  readonly server: RawServer;
}

async function caseBy(chance: Chance): Promise<Case> {
  const isTls = chance() < 0.25;
  const leads = isTls ? toTls : toPort;
  const kind = pick(Object.keys(leads), chance);
  const whims = whimsBy(chance);
  // Sometimes it speaks TLS as it should, and the rest is said inside of it.
  const server = await whimsicalServer(whims, isTls && chance() < 0.7 ? { tls: pair } : {});
  const spec = leads[kind]?.(server) ?? {};
  const secure = { mode: 'require' };
  const more = isTls ? { tls: secure } : {};
  const confirm = { attempts: pick([1, 2, 3], chance), interval: '50ms' };
  return {
    member: { kind, isWell: false, spec: { ...spec, ...more, timeout: `${500 + Math.floor(chance() * 500)}ms`, confirm } },
    whims,
    server,
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
    const cases = new Map<string, Case>();
    for (let index = 0; index < count; index += 1) cases.set(`t${index}`, await caseBy(chance));
    const concurrency = pick([3, 20, 100], chance);
    const config = configFor(Object.fromEntries([...cases].map(([name, { member }]) => [name, member])), {});
    const longest = config.targets.map(
      ({ timeoutMs, confirm }) => confirm.attempts * timeoutMs + (confirm.attempts - 1) * confirm.intervalMs,
    );
    // No worse than any list of jobs on so many machines (Graham, 1966).
    const budgetMs = longest.reduce((sum, ms) => sum + ms, 0) / concurrency + Math.max(...longest) + slackMs;
    const leaks = await watchLeaks();
    const { report, tookMs, points } = await runMixed(config, { concurrency });
    await Promise.all([...cases.values()].map(({ server }) => server.close()));
    const broken = report.results.flatMap((result) => {
      const target = config.targets.find(({ name }) => name === result.target);
      const found = wrongs(result, target?.timeoutMs ?? 0, target?.confirm.attempts ?? 0);
      return found.map((wrong) => `${result.kind} ${result.target}: ${wrong}; schedule ${JSON.stringify(cases.get(result.target)?.whims)}`);
    });
    if (broken.length > 0) throw new Error(`seed ${seed}: ${broken.join('\n')}`);
    expect(report.results.map(({ target }) => target).toSorted()).toEqual([...cases.keys()].toSorted());
    expect(tookMs).toBeLessThan(budgetMs);
    // One word for each target, and none for one that could not be told.
    const success = points.filter(({ metric }) => metric === 'probe/success').map(({ task }) => task.task_id);
    expect(success.toSorted()).toEqual(
      report.results
        .filter(({ outcome }) => outcome !== 'unknown')
        .map(({ target }) => target)
        .toSorted(),
    );
    await leaks.assertNothingLeft();
  },
  600_000,
);
