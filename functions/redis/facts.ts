/** Facts from the text of INFO (redis.io, "INFO"), which Valkey and Memorystore write alike. */
import type { FactValue, Observed } from '../../shared/result';

/** The fields of INFO by name. */
export type Info = ReadonlyMap<string, string>;

/** Versions, modes and roles are short words. */
const longestText = 100;

/** @returns the fields of all sections, or undefined for a text that does not say who answers, and in which role. */
export function parseInfo(text: string): Info | undefined {
  const info = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return line.startsWith('#') || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
  // A Sentinel plays no role in the replication that it watches.
  return info.has('redis_version') && (info.has('role') || info.get('redis_mode') === 'sentinel') ? info : undefined;
}

/**
 * @param redact takes secrets out of a text before it is shortened.
 * @returns what is worth knowing of a server; what it does not tell, or tells as no number, is left out. Memory is in bytes.
 */
export function factsOf(info: Info, redact: (text: string) => string): Observed {
  const word = (name: string): string | undefined => {
    const value = info.get(name);
    return value === undefined ? undefined : redact(value).slice(0, longestText);
  };
  const number = (name: string): number | undefined => {
    const value = info.get(name) ?? '';
    return /^\d+$/.test(value) ? finite(Number(value)) : undefined;
  };
  const used = number('used_memory');
  // Without a limit of its own the server takes what the machine has.
  const limit = number('maxmemory') || number('total_system_memory');
  const clients = number('connected_clients');
  const maxClients = number('maxclients');
  const facts: Readonly<Record<string, FactValue | undefined>> = {
    'redis.product': word('server_name') ?? 'redis',
    'redis.version': word('valkey_version') ?? word('redis_version'),
    'redis.mode': word('redis_mode'),
    'redis.role': word('role'),
    'redis.masterLink': word('master_link_status'),
    'redis.uptimeSeconds': number('uptime_in_seconds'),
    'redis.usedMemoryBytes': used,
    'redis.maxMemoryBytes': number('maxmemory'),
    'redis.memoryUtilization': share(used, limit),
    'redis.connectedClients': clients,
    'redis.maxClients': maxClients,
    'redis.clientUtilization': share(clients, maxClients),
    'redis.evictedKeys': number('evicted_keys'),
    'redis.connectedReplicas': number('connected_slaves'),
  };
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, FactValue] => entry[1] !== undefined));
}

function share(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || !whole ? undefined : finite(Math.round((part / whole) * 10_000) / 10_000);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
