/** Starts what was deployed: the uploaded source, unpacked, under the functions framework, behind the address of its service. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { temporaryFolder } from '../../../local/services/temporary-folder';
import { startFunction } from '../../../local/stack/function-process';
import type { FunctionProcess } from '../../../local/stack/function-process';
import { unpackArchive } from './archive';
import type { RunService, RunServices } from './run-services';
import type { Uploads } from './uploads';

const modules = resolve(__dirname, '../../../../node_modules');

/** What a deployed function answers. */
export interface FunctionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One request to a function. */
export interface FunctionRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The functions that run. */
export interface LiveFunctions {
  /** Sends a request to the service's latest revision; starts it where it does not run yet. */
  readonly call: (service: RunService, request: FunctionRequest) => Promise<FunctionAnswer>;
  /** @returns the folder into which the source was unpacked, with the links that it needs to run. */
  readonly unpack: (service: RunService) => Promise<string>;
  /** What the functions wrote to stdout and stderr, by the name of the service. */
  readonly lines: (id: string) => readonly string[];
  readonly close: () => Promise<void>;
}

/** @param environment beside what was deployed, e.g. the emulators' addresses. */
export function createLiveFunctions(
  uploads: Uploads,
  { revisionOf }: RunServices,
  environment: Readonly<Record<string, string>>,
): LiveFunctions {
  const processes = new Map<string, { readonly revision: string; readonly process: Promise<FunctionProcess> }>();
  const folders: string[] = [];
  const lines = new Map<string, string[]>();

  const unpack = async ({ function: fn }: RunService): Promise<string> => {
    const archive = uploads.find(fn.buildConfig.source.storageSource);
    if (!archive) throw new Error(`Nothing was uploaded for ${fn.name}.`);
    const folder = await temporaryFolder('synthetics-deployed-');
    folders.push(folder);
    const source = join(folder, 'source');
    await mkdir(source);
    for (const [path, content] of unpackArchive(archive)) {
      await mkdir(dirname(join(source, path)), { recursive: true });
      await writeFile(join(source, path), content);
    }
    // As after npm install: the framework is there.
    await symlink(modules, join(source, 'node_modules'));
    return source;
  };

  const start = async (service: RunService): Promise<FunctionProcess> => {
    const { id, function: fn } = service;
    const source = await unpack(service);
    const written = lines.get(id) ?? [];
    lines.set(id, written);
    return startFunction({
      kind: fn.buildConfig.entryPoint,
      source,
      environment: {
        PATH: process.env['PATH'] ?? '',
        ...fn.serviceConfig.environmentVariables,
        K_SERVICE: id,
        K_REVISION: revisionOf(service),
        K_CONFIGURATION: id,
        FUNCTION_TARGET: fn.buildConfig.entryPoint,
        CLOUD_RUN_TIMEOUT_SECONDS: String(fn.serviceConfig.timeoutSeconds),
        ...environment,
      },
      logFile: join(source, '..', 'log'),
      onLine: (line) => void written.push(line),
      onChange: (sentence) => void written.push(sentence),
    });
  };

  const current = async (service: RunService): Promise<FunctionProcess> => {
    const revision = revisionOf(service);
    const present = processes.get(service.name);
    if (present?.revision === revision) return present.process;
    const started = (present ? present.process.then((old) => old.stop()) : Promise.resolve()).then(() => start(service));
    processes.set(service.name, { revision, process: started });
    return started;
  };

  return {
    unpack,
    lines: (id) => lines.get(id) ?? [],
    async call(service, { method, path, headers, body }) {
      const { host: _host, connection: _connection, 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = headers;
      const url = (await current(service)).url();
      const response = await fetch(`${url}${path}`, {
        method,
        headers: Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
        ...(body.length > 0 && { body: new Uint8Array(body) }),
        redirect: 'manual',
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) };
    },
    async close() {
      await Promise.all([...processes.values()].map(({ process: running }) => running.then((one) => one.stop()).catch(() => undefined)));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}
