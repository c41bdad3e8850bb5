import { kinds } from '../../../functions/kinds';
import { diagnose } from '../../../shared/diagnose/diagnose';
import type { Circumstances, Diagnosis, Observation } from '../../../shared/diagnose/diagnosis';
import { graphOf, type Graph } from '../../../shared/diagnose/graph';
import { chanceOf, randomCircumstances, randomConfig, randomSights, shuffled, targetOf, type Files } from './random-graphs';

const seeds = Array.from({ length: 1000 }, (_, index) => index + 1);

interface Case {
  readonly seed: number;
  readonly files: Files;
  readonly graph: Graph;
  readonly seen: readonly Observation[];
  readonly circumstances: Circumstances;
  readonly diagnosis: Diagnosis;
}

const cases: readonly Case[] = seeds.map((seed) => {
  const chance = chanceOf(seed);
  const files = randomConfig(chance, 2 + Math.floor(chance() * 30));
  const graph = graphOf(files, kinds);
  const seen = randomSights(files, chance);
  const circumstances = randomCircumstances(files, chance);
  return { seed, files, graph, seen, circumstances, diagnosis: diagnose(graph, seen, circumstances) };
});

/** @returns the seeds whose case breaks the rule. */
const breaking = (isBroken: (each: Case) => boolean): readonly number[] => cases.filter(isBroken).map(({ seed }) => seed);

const named = ({ causes, blockedBy }: Diagnosis): ReadonlySet<string> =>
  new Set([...causes.flatMap(({ targets, blocks }) => [...targets, ...blocks]), ...blockedBy.keys()]);

const comparable = ({ causes, blockedBy }: Diagnosis): unknown => ({
  causes,
  blockedBy: [...blockedBy].toSorted(([a], [b]) => (a < b ? -1 : 1)),
});

test('the cases hold all that there is to tell apart', () => {
  const causes = cases.flatMap(({ diagnosis }) => diagnosis.causes);
  const sorts = new Set(causes.map(({ cause }) => cause.replace(/\/.*/, '')));
  const all = [
    'certificate',
    'cloud-sql',
    'dns',
    'endpoint',
    'internet',
    'load-balancer',
    'memorystore',
    'prober',
    'secret',
    'target',
    'vpc-connector',
  ];
  expect([...sorts]).toEqual(expect.arrayContaining(all));
  expect(new Set(causes.map(({ owner }) => owner)).size).toBe(4);
});

test('what works, or was not seen, is never blamed and never blocked', () => {
  const isBroken = ({ seen, diagnosis }: Case): boolean => {
    const ill = new Set(seen.flatMap(({ target, outcome }) => (outcome === 'failure' || outcome === 'unknown' ? [target] : [])));
    return [...named(diagnosis)].some((name) => !ill.has(name));
  };
  expect(breaking(isBroken)).toEqual([]);
});

test('every failure is explained by a cause, or is one itself', () => {
  const isBroken = ({ seen, diagnosis: { causes, blockedBy } }: Case): boolean => {
    const byName = new Map(causes.map((cause) => [cause.cause, cause]));
    return seen.some(({ target, outcome }) => {
      if (outcome !== 'failure') return false;
      const itself = byName.get(`target/${target}`);
      if (itself) return !itself.targets.includes(target) || blockedBy.has(target);
      const cause = byName.get(blockedBy.get(target) ?? '');
      return !cause || ![...cause.targets, ...cause.blocks].includes(target);
    });
  };
  expect(breaking(isBroken)).toEqual([]);
});

test('each unknown target is explained by the prober, or by the secret that it lacks', () => {
  const isBroken = ({ files, seen, diagnosis: { blockedBy } }: Case): boolean =>
    seen.some(({ target, outcome }) => {
      if (outcome !== 'unknown') return false;
      const cause = blockedBy.get(target) ?? '';
      const check = files.targets.find(({ name }) => cause === `target/${name}`);
      return !/^(prober|secret)\b/.test(cause) && check?.kind !== 'secrets';
    });
  expect(breaking(isBroken)).toEqual([]);
});

test('a cause is told once, blocks nothing that it is itself, and names the worst severity', () => {
  const isBroken = ({ seen, diagnosis: { causes } }: Case): boolean =>
    new Set(causes.map(({ cause }) => cause)).size < causes.length ||
    causes.some(({ targets, blocks, severity, evidence }) => {
      const all = [...targets, ...blocks];
      const found = new Set(seen.filter(({ target }) => all.includes(target)).map((each) => each.severity));
      const worst = (['critical', 'error', 'warning'] as const).find((each) => found.has(each));
      return new Set(all).size < all.length || severity !== worst || evidence.length === 0;
    });
  expect(breaking(isBroken)).toEqual([]);
});

test('causes are there where something fails or is unknown, and only there', () => {
  const isIll = ({ outcome }: Observation): boolean => outcome === 'failure' || outcome === 'unknown';
  expect(breaking(({ seen, diagnosis }) => seen.some(isIll) !== diagnosis.causes.length > 0)).toEqual([]);
});

test('the order of the results does not matter', () => {
  const isBroken = ({ seed, seen, graph, circumstances, diagnosis }: Case): boolean => {
    const again = diagnose(graph, shuffled(seen, chanceOf(seed + 1)), circumstances);
    return JSON.stringify(comparable(again)) !== JSON.stringify(comparable(diagnosis));
  };
  expect(breaking(isBroken)).toEqual([]);
});

test('neither does the order of the targets in the file', () => {
  const isBroken = ({ seed, files, seen, circumstances, diagnosis }: Case): boolean => {
    const graph = graphOf({ ...files, targets: shuffled(files.targets, chanceOf(seed + 2)) }, kinds);
    return JSON.stringify(comparable(diagnose(graph, seen, circumstances))) !== JSON.stringify(comparable(diagnosis));
  };
  expect(breaking(isBroken)).toEqual([]);
});

test('a healthy target that has nothing to do with the others changes no cause', () => {
  const stranger = targetOf('secrets', 'stranger', { access: false, require: [{ secret: 'of-nobody', version: 'latest' }] });
  const healthy: Observation = {
    kind: 'secrets',
    target: 'stranger',
    severity: 'critical',
    outcome: 'success',
    reason: null,
    domain: null,
    owner: null,
  };
  // What it proves of the network, or of the prober, is told: how many of all it is.
  const shown = ({ causes, blockedBy }: Diagnosis): string =>
    JSON.stringify(comparable({ causes: causes.map((cause) => ({ ...cause, evidence: [] })), blockedBy }));
  const isBroken = ({ files, seen, circumstances, diagnosis }: Case): boolean => {
    if (seen.every(({ outcome }) => outcome === 'unknown')) return false;
    const graph = graphOf({ ...files, targets: [...files.targets, stranger] }, kinds);
    return shown(diagnose(graph, [...seen, healthy], circumstances)) !== shown(diagnosis);
  };
  expect(breaking(isBroken)).toEqual([]);
});

test('less knowledge never makes a healthy target guilty', () => {
  const isBroken = ({ seed, graph, seen }: Case): boolean => {
    const some = shuffled(seen, chanceOf(seed)).slice(0, Math.ceil(seen.length / 2));
    const ill = new Set(some.filter(({ outcome }) => outcome === 'failure' || outcome === 'unknown').map(({ target }) => target));
    return [...named(diagnose(graph, some))].some((name) => !ill.has(name));
  };
  expect(breaking(isBroken)).toEqual([]);
});

test('what is said can be read, and a change has a time', () => {
  const isBroken = ({ diagnosis: { causes } }: Case): boolean =>
    causes.some(
      ({ title, evidence, changedAt }) =>
        [title, ...evidence].some((text) => text === '' || /undefined|NaN|null|\[object|\s{2}|^\s|\s$/.test(text)) ||
        (changedAt !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/.test(changedAt)),
    );
  expect(breaking(isBroken)).toEqual([]);
  expect(cases.some(({ diagnosis: { causes } }) => causes.some(({ changedAt }) => changedAt !== undefined))).toBe(true);
});

test('no secret that every check of it finds good is ever said to be broken, and none of several borrows a reason', () => {
  let told = 0;
  const isBroken = ({ seen, diagnosis: { causes } }: Case): boolean => {
    const checks = seen.filter(({ kind, outcome }) => kind === 'secrets' && outcome === 'failure');
    const findings = checks.flatMap(({ reason, findings: all = [] }) => {
      const isSole = all.filter(({ outcome }) => outcome === 'failure').length === 1;
      return all.map((finding) => ({ ...finding, why: finding.reason ?? (isSole ? reason : null) }));
    });
    return causes.some(({ cause, reason, targets }) => {
      const said = findings.filter(({ subject }) => cause === `secret/${subject}`);
      // A secret may be good, and refused all the same.
      if (said.length === 0 || reason === 'credentials_rejected') return false;
      told += 1;
      const failed = said.filter(({ outcome }) => outcome === 'failure');
      if (failed.length === 0) return true;
      const known = failed.flatMap(({ why }) => why ?? []);
      return targets.length > 0 && !known.includes(reason) && (known.length > 0 || !/^secret_(malformed|unavailable)$/.test(reason));
    });
  };
  expect(breaking(isBroken)).toEqual([]);
  expect(told).toBeGreaterThan(100);
});
