import { kinds } from '../../../functions/kinds';
import type { Target } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import type { Observation } from '../../../shared/diagnose/diagnosis';
import { graphOf, type Graph, type Node } from '../../../shared/diagnose/graph';
import { domainOf, ownerOf, type Reason } from '../../../shared/reasons';
import { targetOf, type Files } from './random-graphs';

jest.setTimeout(120_000);

/** @returns the graph, and how often something was read of a target in it. */
function counted(graph: Graph): { readonly graph: Graph; readonly reads: () => number } {
  let reads = 0;
  const count = <Value extends object>(value: Value): Value =>
    new Proxy(value, {
      get(inner, key): unknown {
        reads += 1;
        const found: unknown = Reflect.get(inner, key);
        // Lists are read item by item, so that a search through a long one shows.
        return Array.isArray(found) ? count(found) : found;
      },
    });
  return {
    graph: { ...graph, nodes: new Map([...graph.nodes].map(([name, node]): [string, Node] => [name, count(node)])) },
    reads: () => reads,
  };
}

interface Shape {
  readonly title: string;
  readonly target: (index: number) => Target;
  readonly needs?: (index: number, size: number) => readonly string[];
  readonly reason: (index: number) => Reason;
  /** How many causes there are of so many targets. */
  readonly causes: (size: number) => number;
}

const http = (index: number): Target => targetOf('http', `t${index}`, { url: `https://h${index}.example.com/` }, { public: true });

const shapes: readonly Shape[] = [
  { title: 'each fails by itself', target: http, reason: () => 'timeout', causes: (size) => size },
  { title: 'all need the first', target: http, needs: (index) => (index > 0 ? ['t0'] : []), reason: () => 'timeout', causes: () => 1 },
  {
    title: 'each needs the next',
    target: http,
    needs: (index, size) => (index < size - 1 ? [`t${index + 1}`] : []),
    reason: () => 'timeout',
    causes: () => 1,
  },
  {
    title: 'the half needs a hub that needs the other half',
    target: http,
    needs: (index, size) =>
      index === 0 ? Array.from({ length: size / 2 }, (_, other) => `t${size / 2 + other}`) : index < size / 2 ? ['t0'] : [],
    reason: () => 'timeout',
    causes: (size) => size / 2,
  },
  { title: 'a circle', target: http, needs: (index, size) => [`t${(index + 1) % size}`], reason: () => 'timeout', causes: () => 1 },
  {
    title: 'all at one address',
    target: (index) => targetOf('http', `t${index}`, { url: `https://one.example.com/${index}` }, { public: true }),
    reason: () => 'unexpected_status',
    causes: () => 1,
  },
  {
    title: 'all certificates of different hosts expired',
    target: http,
    reason: () => 'certificate_expired',
    causes: (size) => size,
  },
  {
    title: 'all journeys and endpoints at one address',
    target: (index) =>
      index % 2 === 0
        ? targetOf('journey', `t${index}`, { users: 1, steps: [{ name: 'one', http: { url: 'https://one.example.com/' } }] })
        : targetOf('http', `t${index}`, { url: 'https://one.example.com/' }),
    reason: () => 'permission_denied',
    causes: (size) => size / 2,
  },
  {
    title: 'a chain of services, each with the connector of all',
    target: (index) =>
      index === 0
        ? targetOf('platform', 't0', { vpcConnector: { name: 'ours' } })
        : targetOf('platform', `t${index}`, { cloudRun: { service: `s${index}`, connector: 'ours' } }),
    needs: (index) => (index > 1 ? [`t${index - 1}`] : []),
    reason: () => 'resource_not_ready',
    causes: () => 2,
  },
  {
    title: 'a chain of services, each with a wrong setting, and pages that ask a server by way of them',
    target: (index) =>
      index === 0
        ? targetOf('redis', 't0', { host: 'h.internal' })
        : index % 2 === 0
          ? http(index)
          : targetOf('platform', `t${index}`, { cloudRun: { service: `s${index}`, connector: 'ours' } }),
    needs: (index) => (index === 0 ? [] : index % 2 === 0 ? ['t0', `t${index - 1}`] : index > 2 ? [`t${index - 2}`] : []),
    reason: (index) => (index === 0 ? 'too_slow' : index % 2 === 0 ? 'assertion_failed' : 'resource_misconfigured'),
    causes: (size) => size / 2 + 1,
  },
  {
    title: 'all private targets time out',
    target: (index) => targetOf('tcp', `t${index}`, { host: `h${index}.internal`, port: 80 }),
    reason: () => 'connect_timeout',
    causes: () => 1,
  },
  {
    title: 'all are refused with one secret',
    target: (index) => targetOf('redis', `t${index}`, { host: `h${index}.internal`, password: { secret: 'one', version: 'latest' } }),
    reason: () => 'credentials_rejected',
    causes: () => 1,
  },
  {
    title: 'everybody is refused at one address, two with each secret',
    target: (index) =>
      targetOf('websocket', `t${index}`, {
        url: 'wss://one.example.com/',
        headers: { authorization: { secret: `s${Math.floor(index / 2)}`, version: 'latest' } },
      }),
    reason: () => 'credentials_rejected',
    causes: () => 1,
  },
  {
    title: 'none can be tried for want of a secret',
    target: (index) => targetOf('redis', `t${index}`, { host: `h${index}.internal`, password: { secret: `s${index}`, version: 'latest' } }),
    reason: (index) => (index % 2 === 0 ? 'secret_unavailable' : 'timeout'),
    causes: (size) => size,
  },
];

function readsOf({ target, needs, reason, causes }: Shape, size: number): number {
  const targets = Array.from({ length: size }, (_, index) => target(index));
  const dependencies = Object.fromEntries(targets.map(({ name }, index) => [name, needs?.(index, size) ?? []]));
  const files: Files = { targets, dependencies, project: 'p', network: { connector: 'ours', egress: 'private-ranges-only' } };
  const seen = targets.map(({ kind, name, severity }, index): Observation => {
    const why = reason(index);
    const outcome = domainOf(why) === 'monitor' ? 'unknown' : 'failure';
    return { kind, target: name, severity, outcome, reason: why, domain: domainOf(why), owner: ownerOf(why) };
  });
  const { graph, reads } = counted(graphOf(files, kinds));
  expect(diagnose(graph, seen).causes).toHaveLength(causes(size));
  return reads();
}

test.each(shapes)('ten times as many targets take about ten times as many steps: $title', (shape) => {
  const few = readsOf(shape, 1000);
  const many = readsOf(shape, 10_000);
  expect(many / few).toBeLessThan(13);
  // Not one of them is looked at more often than a person could follow.
  expect(many / 10_000).toBeLessThan(200);
});
