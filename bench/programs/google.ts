/** The emulated Google APIs, with a counter of bytes in front of Cloud Monitoring's. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { startPlatformStandIn } from '../../local/emulators/platform';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { answerAll } from '../program';

let monitoring: MonitoringEmulator | undefined;
const sent = { bytes: 0 };

/** @returns the port of a way to the server on which every byte that is sent to it counts. */
async function countingWay(to: number): Promise<number> {
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    client.on('data', ({ length }) => (sent.bytes += length));
    for (const socket of [client, upstream])
      socket.setNoDelay().on('error', () => [client, upstream].forEach((either) => either.destroy()));
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

const answers = {
  /** Starts everything in a project of this name. */
  async start({ project, secrets, resources }: { project: string; secrets: Record<string, string>; resources: Record<string, object> }) {
    monitoring = await startMonitoringEmulator();
    const secretManager = await startSecretManagerEmulator({ project });
    for (const [name, value] of Object.entries(secrets)) secretManager.put(name, { value });
    const platform = await startPlatformStandIn();
    for (const [path, resource] of Object.entries(resources)) platform.put(path, resource);
    const counted = `127.0.0.1:${await countingWay(portOf(monitoring.address))}`;
    return { monitoring: monitoring.address, counted, secretManager: secretManager.address, platform: platform.address };
  },
  /** Forgets all points, so that the next may come at once. */
  clear() {
    monitoring?.clear();
    sent.bytes = 0;
  },
  /** @returns what came since the last `clear`. */
  received: () => ({ bytes: sent.bytes, series: (monitoring?.requests() ?? []).map(({ series }) => series) }),
};
export type Google = typeof answers;

answerAll(answers);
