/** The part of the configuration that one function needs: a change elsewhere does not deploy it anew, and it holds nobody else's. */
import { canonicalJson, hashOf, sortKeys } from './canonical';
import type { Config, Target } from './config';
import { formatDuration } from './duration';
import type { Loaded } from './load';
import { isMapping } from './partly';
import type { Kind } from '../probe';

type Json = Readonly<Record<string, unknown>>;

/** What a run reads of a target besides the fields of its kind and what is written out below. */
const readAsItStands = ['expect', 'warn', 'public'] as const;

/**
 * A target that another one names is only looked at: its probe does not run, so when it would is of no account. These times fit
 * whatever waits its steps may hold.
 */
const neverRun = { schedule: '0 0 * * *', timeout: '12h', confirm: { attempts: 1 } } as const;

function pick(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]]));
}

function rawTarget(compiled: Json, kind: string, name: string): Json {
  const section = compiled[kind];
  const target = isMapping(section) ? section[name] : undefined;
  return isMapping(target) ? target : {};
}

/** Defaults are written out, so that `defaults` need not be there: one that nothing of this kind uses changes nothing. */
function ownTarget(compiled: Json, kind: Kind, target: Target): Json {
  return {
    ...pick(rawTarget(compiled, kind.name, target.name), [...Object.keys(kind.fields), ...readAsItStands]),
    schedule: target.schedule,
    timeout: formatDuration(target.timeoutMs),
    severity: target.severity,
    confirm: { attempts: target.confirm.attempts, interval: formatDuration(target.confirm.intervalMs) },
  };
}

/** The sections of other kinds, with no more than the targets that are named. */
function namedTargets(compiled: Json, kind: Kind, targets: readonly Target[], kinds: readonly Kind[]): Readonly<Record<string, Json>> {
  const sections: Record<string, Record<string, Json>> = {};
  for (const reference of targets.flatMap(({ spec }) => kind.references?.(spec) ?? [])) {
    const other = kinds.find(({ name }) => name === reference.kind);
    if (!other || other === kind) continue;
    const fields = pick(rawTarget(compiled, other.name, reference.name), Object.keys(other.fields));
    (sections[other.name] ??= {})[reference.name] = { ...fields, ...neverRun };
  }
  return sections;
}

/** What a run reads of the file's first level; of the network only how long to wait for it. */
function generalOf(compiled: Json, config: Config, waitsForNetwork: boolean): Json {
  const { environment, project, region, concurrency, forbiddenHosts, allowLinkLocal } = config;
  return {
    environment,
    project,
    region,
    concurrency,
    ...(forbiddenHosts.length > 0 ? { forbiddenHosts } : {}),
    ...(allowLinkLocal.length > 0 ? { allowLinkLocal } : {}),
    ...(waitsForNetwork ? { network: compiled['network'] } : {}),
  };
}

/**
 * @param waitsForNetwork whether the function is in the VPC by Direct VPC egress.
 * @returns the JSON of the function's `config.json`, in the compiler's spelling. YAML and compiled input give the same, byte for byte.
 */
export function configSlice(loaded: Loaded, kind: Kind, kinds: readonly Kind[], waitsForNetwork: boolean): string {
  const { config } = loaded;
  const compiled = JSON.parse(loaded.compiled) as Json;
  const targets = config.targets.filter((target) => target.kind === kind.name);
  const slice = {
    ...generalOf(compiled, config, waitsForNetwork),
    ...namedTargets(compiled, kind, targets, kinds),
    [kind.name]: Object.fromEntries(targets.map((target) => [target.name, ownTarget(compiled, kind, target)])),
  };
  return `${JSON.stringify(sortKeys(slice), null, 2)}\n`;
}

/** By kind, the hashes with which its function may run when it holds its part of a configuration. */
export type SliceHashes = ReadonlyMap<string, readonly string[]>;

/**
 * @returns the hash of every kind's slice as the function itself works it out when it loads the slice. Where the functions may be in the
 * VPC by Direct VPC egress there are two, since some of them wait for their network and others need not.
 */
export function sliceHashes(loaded: Loaded, kinds: readonly Kind[]): SliceHashes {
  const { targets, network } = loaded.config;
  const used = kinds.filter(({ name }) => targets.some(({ kind }) => kind === name));
  const ways = network.network === undefined ? [false] : [true, false];
  const hashFor = (kind: Kind, waits: boolean): string => hashOf(canonicalJson(JSON.parse(configSlice(loaded, kind, kinds, waits))));
  return new Map(used.map((kind) => [kind.name, ways.map((waits) => hashFor(kind, waits))]));
}
