/** Configurations of as many targets as wanted, all of which succeed against the benchmark's own servers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { project, region, type Surroundings } from './surroundings';

type Targets = Readonly<Record<string, object>>;

/** What one target of each kind looks like. `tls` is a target of the kind `tcp`. */
export function targetOf(kind: string, { ports, password, ca }: Surroundings): object {
  const http = `http://127.0.0.1:${ports.http}/`;
  const targets: Targets = {
    secrets: { require: [{ secret: 'api-key', minLength: 8 }] },
    postgres: { url: `postgresql://app:${password}@127.0.0.1:${ports.postgres}/app`, tls: { mode: 'disable' } },
    redis: { url: `redis://127.0.0.1:${ports.redis ?? 1}` },
    websocket: { url: `ws://127.0.0.1:${ports.http}/`, steps: [{ send: { type: 'echo' } }, { expect: "type == 'echo'", within: '5s' }] },
    http: { url: http },
    tcp: { host: '127.0.0.1', port: ports.tcp },
    tls: { host: '127.0.0.1', port: ports.tls, tls: { ca } },
    journey: {
      steps: [
        { name: 'one', http: { url: http } },
        { name: 'two', http: { url: http } },
      ],
    },
    platform: { vpcConnector: { name: 'bench', minInstances: 2 } },
  };
  const target = targets[kind];
  if (!target) throw new Error(`no target for ${kind}`);
  return target;
}

/** @returns so many targets by name; the hundredth part of an hour is enough for all of them in one run. */
export function targetsOf(count: number, target: (index: number) => object): Targets {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, target(index)]));
}

/** @returns a whole configuration. Hourly, so that the budget of a run does not end it. */
export function configurationOf(sections: Readonly<Record<string, Targets>>, concurrency = 20): object {
  return {
    environment: 'bench',
    project,
    region,
    defaults: { schedule: '0 * * * *', confirm: { attempts: 1 } },
    concurrency,
    ...sections,
  };
}

/** Writes a configuration as the compiler would. @returns its path */
export async function writeConfiguration(folder: string, name: string, configuration: object): Promise<string> {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify(configuration, null, 2));
  return path;
}
