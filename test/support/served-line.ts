/** The kind `line` served as a function, with a target that works, one that fails and one that can't tell, for tests of the HTTP side. */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { temporaryFolder } from '../../local/services/temporary-folder';
import type { Environment } from '../../shared/environment';
import type { RunReport } from '../../shared/result';
import { serve } from '../../shared/serve/serve';
import { host, type Hosted } from './framework';
import { line } from './line-kind';
import { closingServer, echoServer, type RawServer } from './raw-server';

/** An answer, parsed. */
export interface Answer {
  readonly status: number;
  readonly body: RunReport & { readonly error?: { readonly code: string; readonly message: string } };
}

/** A function that is served, with everything around it. */
export interface ServedLine {
  readonly monitoring: MonitoringEmulator;
  readonly folder: string;
  readonly url: string;
  /** Every line of the log so far. */
  readonly logged: Record<string, unknown>[];
  /** Serves another one with its own environment. */
  start(environment: Partial<Environment>): Promise<Hosted>;
  ask(query: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

const targetAt = ({ host: name, port }: RawServer, more: object = {}): object => ({ host: name, port, confirm: { attempts: 1 }, ...more });
let served = 0;

/** Starts the function, two servers and an emulator. */
export async function serveLine(): Promise<ServedLine> {
  const [monitoring, echo, closing, folder] = await Promise.all([
    startMonitoringEmulator(),
    echoServer(),
    closingServer(),
    temporaryFolder('vpc-synthetics-serve-'),
  ]);
  const targets = { good: targetAt(echo), bad: targetAt(closing), strange: targetAt(echo, { behave: 'throw' }) };
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ environment: 'test', project: 'test-project', region: 'europe-west1', line: targets }),
  );
  const logged: Record<string, unknown>[] = [];
  const start = (more: Partial<Environment>): Promise<Hosted> => {
    const environment: Environment = { logLevel: 'info', monitoringEmulator: monitoring.address, ...more };
    const write = (text: string): void => void logged.push(JSON.parse(text) as Record<string, unknown>);
    served += 1;
    return host(`line${served}`, serve(line, [line.kind], folder, { environment, write }));
  };
  const hosted = await start({});
  return {
    monitoring,
    folder,
    url: hosted.url,
    logged,
    start,
    async ask(query, init = {}) {
      const response = await fetch(hosted.url + query, init);
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    },
    async close() {
      await hosted.close();
      await Promise.all([monitoring.close(), echo.close(), closing.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
