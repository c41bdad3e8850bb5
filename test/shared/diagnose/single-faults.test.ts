/** What must hold where one thing alone is broken, in graphs by chance. */
import { kinds } from '../../../functions/kinds';
import type { Target } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import type { Observation } from '../../../shared/diagnose/diagnosis';
import { graphOf, type Graph } from '../../../shared/diagnose/graph';
import { domainOf, ownerOf, type Reason } from '../../../shared/reasons';
import { chanceOf, pick, randomConfig, type Files } from './random-graphs';

interface Case {
  readonly seed: number;
  readonly files: Files;
  readonly graph: Graph;
}

const cases = Array.from({ length: 1000 }, (_, index): Case => {
  const seed = index + 1;
  const chance = chanceOf(seed);
  const files = randomConfig(chance, 20 + Math.floor(chance() * 30));
  return { seed, files, graph: graphOf(files, kinds) };
});

/** @returns the seeds whose case breaks the rule. */
const breaking = (isBroken: (each: Case) => boolean): readonly number[] => cases.filter(isBroken).map(({ seed }) => seed);

/** @returns the names of all that needs one of these, however many steps away, by what is declared. */
function dependants(dependencies: Files['dependencies'], from: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let next = from; next.length > 0;) {
    next = Object.entries(dependencies).flatMap(([name, needs]) =>
      !found.has(name) && needs.some((each) => next.includes(each)) ? [name] : [],
    );
    for (const name of next) found.add(name);
  }
  return found;
}

/** @returns what is seen where these fail for such a reason, and all others are well. */
function failingAlone({ targets }: Files, reasonOf: (target: Target) => Reason | undefined): readonly Observation[] {
  return targets.map((target): Observation => {
    const { kind, name, severity } = target;
    const reason = reasonOf(target);
    if (reason === undefined) return { kind, target: name, severity, outcome: 'success', reason: null, domain: null, owner: null };
    return { kind, target: name, severity, outcome: 'failure', reason, domain: domainOf(reason), owner: ownerOf(reason) };
  });
}

test('what needs a service on a connector that is not ready, however many steps away, is no cause by itself', () => {
  let met = 0;
  const isBroken = ({ seed, files, graph }: Case): boolean => {
    const chance = chanceOf(seed);
    const services = files.targets.filter(({ spec }) => spec['cloudRun'] !== undefined).map(({ name }) => name);
    const behind = dependants(files.dependencies, services);
    const isVictim = ({ kind, name }: Target): boolean =>
      behind.has(name) && (kind === 'http' || kind === 'websocket') && graph.nodes.get(name)?.way === 'outside';
    const isDown = ({ spec }: Target): boolean => spec['vpcConnector'] !== undefined;
    const victims = files.targets.filter(isVictim);
    if (victims.length === 0 || !files.targets.some(isDown)) return false;
    met += 1;
    const reasons = ['unexpected_status', 'assertion_failed', 'timeout'] as const;
    const seen = failingAlone(files, (target) =>
      isDown(target) ? 'resource_not_ready' : isVictim(target) ? pick(reasons, chance) : undefined,
    );
    const { blockedBy } = diagnose(graph, seen);
    return victims.some(({ name }) => blockedBy.get(name) === undefined);
  };
  expect(breaking(isBroken)).toEqual([]);
  expect(met).toBeGreaterThan(20);
});

test('a server that is lost, by whatever signs, is one cause', () => {
  let met = 0;
  const reasons = ['connect_refused', 'connect_timeout', 'unreachable', 'timeout', 'connection_reset'] as const;
  const isBroken = ({ seed, files, graph }: Case): boolean => {
    const chance = chanceOf(seed);
    return graph.servers.some(({ members }) => {
      if (members.length < 2) return false;
      return [1, 2, 3].some(() => {
        met += 1;
        const seen = failingAlone(files, ({ name }) => (members.includes(name) ? pick(reasons, chance) : undefined));
        const { causes } = diagnose(graph, seen);
        return causes.filter(({ cause }) => cause.startsWith('target/') && members.includes(cause.slice('target/'.length))).length > 1;
      });
    });
  };
  expect(breaking(isBroken)).toEqual([]);
  expect(met).toBeGreaterThan(20);
});
