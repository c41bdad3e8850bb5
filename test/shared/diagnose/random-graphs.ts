/** Configurations and outcomes by chance, the same for the same seed. */
import { kinds } from '../../../functions/kinds';
import type { Config, Target } from '../../../shared/config/config';
import type { Circumstances, Observation } from '../../../shared/diagnose/diagnosis';
import { domainOf, isMonitors, ownerOf, reasons, type Reason } from '../../../shared/reasons';
import { severities, type Finding } from '../../../shared/result';

export type Chance = () => number;

/** Mulberry32: numbers from 0 to below 1, by chance enough for this. */
export function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Item>(items: readonly Item[], chance: Chance): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick');
  return item;
}

export function shuffled<Item>(items: readonly Item[], chance: Chance): readonly Item[] {
  return items
    .map((item) => ({ item, key: chance() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** @returns a target as it is after loading. */
export function targetOf(kind: string, name: string, spec: Target['spec'], more: Partial<Target> = {}): Target {
  const secrets = JSON.stringify(spec).match(/"secret":"[a-z0-9-]+"/g) ?? [];
  return {
    kind,
    name,
    severity: 'critical',
    schedule: '* * * * *',
    periodMs: 60_000,
    timeoutMs: 10_000,
    confirm: { attempts: 1, intervalMs: 1000 },
    public: false,
    spec,
    expect: {},
    warn: {},
    secrets: kind === 'secrets' ? [] : secrets.map((text) => ({ secret: text.slice(10, -1), version: 'latest' })),
    ...more,
  };
}

const secretOf = (chance: Chance): object => ({ secret: `secret-${Math.floor(chance() * 4)}`, version: 'latest' });
const hostOf = (chance: Chance): string => `h${Math.floor(chance() * 5)}.example.com`;

const specs: Readonly<Record<string, (chance: Chance) => Target['spec']>> = {
  secrets: (chance) => ({ access: true, require: [secretOf(chance), secretOf(chance)] }),
  postgres: (chance) => (chance() < 0.5 ? { url: secretOf(chance) } : { host: '/cloudsql/p:r:db', password: secretOf(chance) }),
  redis: (chance) => ({ host: `10.0.0.${Math.floor(chance() * 3)}`, port: 6379, password: secretOf(chance) }),
  websocket: (chance) => ({
    url: `wss://${hostOf(chance)}/ws`,
    headers: { authorization: secretOf(chance) },
    ...(chance() < 0.5 ? { compareWith: { url: `https://${hostOf(chance)}/` } } : {}),
  }),
  http: (chance) => ({ url: `https://${hostOf(chance)}/health` }),
  tcp: (chance) => ({ host: hostOf(chance), port: pick([443, 9000], chance) }),
  journey: (chance) => ({
    users: 1,
    steps: [
      { name: 'one', http: { url: `https://${hostOf(chance)}/a` } },
      { name: 'two', assert: 'x' },
    ],
  }),
  platform: (chance) =>
    pick(
      [
        { vpcConnector: { name: 'ours' } },
        { cloudSql: { instance: 'db' } },
        { cloudRun: { service: 's', connector: 'ours' } },
        { memorystore: { instance: 'm' } },
        { backendService: { name: 'b' } },
        { certificate: { name: 'c', domains: [hostOf(chance), '*.example.com'] } },
        { logs: { filter: 'x' } },
      ],
      chance,
    ),
};

export type Files = Pick<Config, 'targets' | 'network' | 'project' | 'dependencies'>;

/** @returns a configuration; its dependencies may be circular, which a file's may not. */
export function randomConfig(chance: Chance, size: number): Files {
  const targets = Array.from({ length: size }, (_, index) => {
    const kind = pick(kinds, chance).name;
    const more = { public: chance() < 0.3, severity: pick(severities, chance) };
    return targetOf(kind, `t${index}`, specs[kind]?.(chance) ?? {}, more);
  });
  const dependencies = Object.fromEntries(
    targets.flatMap(({ name }) => (chance() < 0.5 ? [[name, [pick(targets, chance).name, pick(targets, chance).name]]] : [])),
  );
  return {
    targets,
    project: 'p',
    network: { connector: 'ours', egress: pick(['private-ranges-only', 'all'] as const, chance) },
    dependencies,
  };
}

const allReasons = Object.keys(reasons) as readonly Reason[];
const usual: readonly Reason[] = [
  'connect_timeout',
  'dns_unavailable',
  'credentials_rejected',
  'timeout',
  'certificate_expired',
  'assertion_failed',
];

/** @returns what is seen of some of the targets; the share of those that are not well differs by chance. */
export function randomSights({ targets }: Files, chance: Chance): readonly Observation[] {
  const ill = chance();
  const favourite = pick(usual, chance);
  return targets.flatMap((target): readonly Observation[] => {
    if (chance() < 0.1) return [];
    const reason = chance() > ill ? null : chance() < 0.4 ? favourite : pick(chance() < 0.5 ? usual : allReasons, chance);
    const outcome = reason === null ? 'success' : isMonitors(reason) ? 'unknown' : chance() < 0.1 ? 'degraded' : 'failure';
    const { kind, name, severity } = target;
    const fields = reason === null ? { reason, domain: null, owner: null } : { reason, domain: domainOf(reason), owner: ownerOf(reason) };
    const details = chance() < 0.5 ? { findings: findingsOf(target, reason, chance), observed: factsOf(target, chance) } : {};
    const when = chance() < 0.5 ? { startedAt: `2026-01-01T00:${10 + Math.floor(chance() * 50)}:00.000Z` } : {};
    return [{ kind, target: name, severity, outcome, ...fields, ...details, ...when }];
  });
}

const versionOf = (chance: Chance): string => String(1 + Math.floor(chance() * 3));

function factsOf({ kind, spec, secrets }: Target, chance: Chance): Observation['observed'] {
  const checked = kind === 'secrets' ? (spec['require'] as readonly { readonly secret: string }[]) : [];
  const ages = Object.fromEntries(checked.map(({ secret }) => [secret, Math.round(chance() * 300) / 100]));
  return {
    'secret.versions': Object.fromEntries([...secrets, ...checked].map(({ secret }) => [secret, versionOf(chance)])),
    ...(checked.length > 0 ? { 'secret.ageDays': ages } : {}),
  };
}

/** @returns what is known besides what is seen now. */
export function randomCircumstances({ targets }: Files, chance: Chance): Circumstances {
  if (chance() < 0.3) return {};
  const lastSuccesses = targets.flatMap(({ name, secrets }) =>
    chance() < 0.5
      ? []
      : [
          {
            target: name,
            ...(chance() < 0.5 ? { at: '2025-12-31T12:00:00.000Z' } : {}),
            ...(chance() < 0.5 ? { secretVersions: Object.fromEntries(secrets.map(({ secret }) => [secret, versionOf(chance)])) } : {}),
          },
        ],
  );
  return { lastSuccesses, ...(chance() < 0.7 ? { at: '2026-01-01T01:00:00.000Z' } : {}) };
}

function findingsOf({ kind, spec }: Target, reason: Reason | null, chance: Chance): readonly Finding[] {
  const failed = (subject: string): Finding => ({ subject, outcome: 'failure', reason, message: '', durationMs: null });
  if (reason === null || isMonitors(reason)) return [];
  if (kind === 'journey') return [failed(pick(['one', 'two'], chance))];
  if (kind === 'platform')
    return [failed(pick(['state', 'network', 'minInstances', 'connector', 'trafficOnLatest', 'authEnabled'], chance))];
  if (kind !== 'secrets') return [];
  const checked = spec['require'] as readonly { readonly secret: string }[];
  // As the metrics tell it: which secrets are good and which are not, but not why.
  const isVague = chance() < 0.5;
  return [...new Set(checked.map(({ secret }) => secret))].map((secret, index): Finding => {
    const isGood = index > 0 && chance() < 0.5;
    const finding = failed(secret);
    return { ...finding, outcome: isGood ? 'success' : 'failure', reason: isGood || isVague ? null : finding.reason };
  });
}
