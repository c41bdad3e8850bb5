/** On what it was measured. */
import { execFile } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { version } from '../shared/version';

const run = promisify(execFile);

/** @returns what a program says of its version, or undefined where it is missing. */
async function versionOf(command: string, ...args: readonly string[]): Promise<string | undefined> {
  const said = await run(command, [...args]).catch(() => undefined);
  return said && `${said.stdout}${said.stderr}`.split('\n')[0]?.trim();
}

/** @returns the machine and the versions of what was compared. */
export async function describeMachine(): Promise<Readonly<Record<string, unknown>>> {
  return {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    vpcSynthetics: version,
    blackboxExporter: (await versionOf('prometheus-blackbox-exporter', '--version')) ?? 'no blackbox_exporter',
    redis: (await versionOf('redis-server', '--version')) ?? 'no Redis',
  };
}
