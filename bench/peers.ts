/** What a user would take instead: Debian's blackbox_exporter, and a function built on Google's synthetics SDK. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent } from 'node:http';
import { promisify } from 'node:util';
import { freePort } from '../local/services/free-port';
import { ask, askWhenUp } from './ask';
import { startMeasured, type MeasuredProcess } from './measured-process';
import type { FunctionFolder } from './functions';
import type { Surroundings } from './surroundings';

const run = promisify(execFile);
const sdk = '@google-cloud/synthetics-sdk-api@0.7.0';
const blackbox = 'prometheus-blackbox-exporter';
const installLimitMs = 180_000;

/** The functions framework alone. */
export async function emptyFunction({ folder }: Surroundings): Promise<FunctionFolder> {
  const own = join(folder, 'empty');
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'index.js'), `exports.empty = (request, response) => { response.send('ok'); };\n`);
  await writeFile(join(own, 'package.json'), '{}');
  return { name: 'empty', folder: own, environment: {} };
}

/** As Google's samples begin (github.com/GoogleCloudPlatform/synthetics-sdk-nodejs, "generic-synthetic-nodejs"). */
const sdkSource = `const { runSyntheticHandler } = require('@google-cloud/synthetics-sdk-api');
exports.sdk = runSyntheticHandler(async () => {});
`;

/** Installs the SDK from npm into the run's own folder. @returns undefined where that can't be done; `say` is told why. */
export async function sdkFunction({ folder }: Surroundings, say: (line: string) => void): Promise<FunctionFolder | undefined> {
  const own = join(folder, 'sdk');
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'index.js'), sdkSource);
  await writeFile(join(own, 'package.json'), '{"private":true}');
  say(`Installing ${sdk} …`);
  try {
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', sdk], {
      cwd: own,
      timeout: installLimitMs,
    });
  } catch (error) {
    const words = (error as { readonly stderr?: string }).stderr?.trim().split('\n').at(-1);
    say(`The synthetics SDK is left out: ${words || String(error)}`);
    return undefined;
  }
  return { name: 'sdk', folder: own, environment: {} };
}

/** A blackbox_exporter that probes. */
export interface Blackbox extends MeasuredProcess {
  /** Probes the target so many times, some at a time; throws where a probe fails. */
  probe(module: string, targets: readonly string[], concurrency: number): Promise<void>;
}

const modules = (caFile: string): string => `modules:
  http: { prober: http, timeout: 10s, http: { preferred_ip_protocol: ip4 } }
  tcp: { prober: tcp, timeout: 10s }
  tls: { prober: tcp, timeout: 10s, tcp: { tls: true, tls_config: { ca_file: ${caFile}, server_name: 127.0.0.1 } } }
`;

/** @returns undefined where the program is missing; `say` is told how to get it. */
export async function startBlackbox({ folder, caFile }: Surroundings, say: (line: string) => void): Promise<Blackbox | undefined> {
  const found = await run(blackbox, ['--version']).catch(() => undefined);
  if (!found) {
    say(`${blackbox} is missing, and left out; Debian, Ubuntu: apt-get install ${blackbox}`);
    return undefined;
  }
  const config = join(folder, 'blackbox.yml');
  await writeFile(config, modules(caFile));
  const address = `127.0.0.1:${await freePort()}`;
  const args = [`--config.file=${config}`, `--web.listen-address=${address}`, '--log.level=error'];
  const started = startMeasured(blackbox, args, { PATH: process.env['PATH'] ?? '' }, folder);
  await askWhenUp(`http://${address}/-/healthy`, started);
  return {
    ...started,
    async probe(module, targets, concurrency) {
      const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
      const waiting = targets.values();
      const work = async (): Promise<void> => {
        for (const target of waiting) {
          const { text } = await ask(`http://${address}/probe?module=${module}&target=${encodeURIComponent(target)}`, agent);
          if (!text.includes('\nprobe_success 1')) throw new Error(`blackbox_exporter failed at ${target}: ${text.slice(-500)}`);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, work));
      agent.destroy();
    },
  };
}
