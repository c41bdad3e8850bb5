/** Facts from the text of INFO (redis.io, "INFO"), which Valkey and Memorystore write alike. */
import type { FactValue, Observed } from '../../shared/result';

/** The fields of INFO by name. */
export type Info = ReadonlyMap<string, string>;

/** @returns the fields of all sections. */
export function parseInfo(text: string): Info {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return line.startsWith('#') || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}

/** @returns what is worth knowing of a server; what it does not tell is left out. Memory is in bytes. */
export function factsOf(info: Info): Observed {
  const number = (name: string): number | undefined => {
    const value = Number(info.get(name) ?? NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const used = number('used_memory');
  // Without a limit of its own the server takes what the machine has.
  const limit = number('maxmemory') || number('total_system_memory');
  const clients = number('connected_clients');
  const maxClients = number('maxclients');
  const facts: Readonly<Record<string, FactValue | undefined>> = {
    'redis.product': info.get('server_name') ?? (info.has('redis_version') ? 'redis' : undefined),
    'redis.version': info.get('valkey_version') ?? info.get('redis_version'),
    'redis.mode': info.get('redis_mode'),
    'redis.role': info.get('role'),
    'redis.masterLink': info.get('master_link_status'),
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
  return part === undefined || !whole ? undefined : Math.round((part / whole) * 10_000) / 10_000;
}
