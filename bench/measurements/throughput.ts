/** Many targets in one run: processor time a probe, time of the run and memory, against blackbox_exporter at the same concurrency. */
import { configurationOf, targetOf, targetsOf, writeConfiguration } from '../configurations';
import { alone, compare, ratioOf, spreadOf, type Figure } from '../figures';
import { ours, run, start } from '../functions';
import type { MeasuredProcess } from '../measured-process';
import { startBlackbox } from '../peers';
import { monotonic } from '../../shared/clock';
import type { Surroundings } from '../surroundings';

const concurrency = 20;
const sizes = [10, 100, 1000] as const;
/** Processor time is shown in steps of 10 ms: a reading is of at least so many probes. */
const probesAReading = 1000;
const readings = 5;
export const budgets = { cpuOfBlackbox: 0.5, peakMiB: 160 } as const;

const protocols = {
  http: { kind: 'http', targetFor: ({ ports }: Surroundings) => `http://127.0.0.1:${ports.http}/` },
  tcp: { kind: 'tcp', targetFor: ({ ports }: Surroundings) => `127.0.0.1:${ports.tcp}` },
  tls: { kind: 'tcp', targetFor: ({ ports }: Surroundings) => `127.0.0.1:${ports.tls}` },
} as const;
type Protocol = keyof typeof protocols;

interface Taken {
  readonly cpuUs: number[];
  readonly perSecond: number[];
  readonly wallMs: number[];
}
const none = (): Taken => ({ cpuUs: [], perSecond: [], wallMs: [] });

/** Adds what so many probes of a process cost. */
async function take(
  into: Taken | undefined,
  process: MeasuredProcess,
  runs: number,
  size: number,
  work: () => Promise<void>,
  makeRoom?: () => Promise<void>,
): Promise<void> {
  let wall = 0;
  let cpu = 0;
  for (let done = 0; done < runs; done += 1) {
    await makeRoom?.();
    const [cpuBefore, before] = [process.cpuMs(), monotonic()];
    await work();
    wall += monotonic() - before;
    cpu += process.cpuMs() - cpuBefore;
  }
  into?.cpuUs.push((cpu * 1000) / (runs * size));
  into?.perSecond.push((runs * size * 1000) / wall);
  into?.wallMs.push(wall / runs);
}

async function measureSize(
  protocol: Protocol,
  size: number,
  surroundings: Surroundings,
  say: (line: string) => void,
): Promise<{ readonly figures: readonly Figure[]; readonly own: Taken }> {
  const { folder, google } = surroundings;
  const { kind, targetFor } = protocols[protocol];
  const targets = targetsOf(size, () => targetOf(protocol, surroundings));
  const path = await writeConfiguration(folder, `${protocol}-${size}`, configurationOf({ [kind]: targets }, concurrency));
  const running = await start(ours(kind, path, surroundings));
  const blackbox = await startBlackbox(surroundings, say);
  const [own, peer] = [none(), none()];
  const runs = probesAReading / size;
  const oneRun = async (): Promise<void> => void (await run(running));
  const onePass = async (): Promise<void> => blackbox?.probe(protocol, Array<string>(size).fill(targetFor(surroundings)), concurrency);
  try {
    for (let reading = -1; reading < readings; reading += 1) {
      await take(reading < 0 ? undefined : own, running, runs, size, oneRun, () => google.ask('clear'));
      if (blackbox) await take(reading < 0 ? undefined : peer, blackbox, runs, size, onePass);
    }
    const title = `${protocol}, ${size} targets`;
    const name = 'blackbox';
    const figure = (what: string, unit: string, key: keyof Taken, atMost?: number): Figure =>
      blackbox ? compare(what, unit, own[key], { name, readings: peer[key] }, atMost) : alone(what, unit, own[key]);
    const cpuBudget = protocol === 'http' && size === 1000 ? budgets.cpuOfBlackbox : undefined;
    const peak = alone(`${title}: memory peak`, 'MiB', [running.peakMiB()], budgets.peakMiB);
    const figures = [
      figure(`${title}: CPU a probe`, 'µs', 'cpuUs', cpuBudget),
      figure(`${title}: probes a second`, '1/s', 'perSecond'),
      blackbox
        ? { ...peak, peer: spreadOf([blackbox.peakMiB()]), peerName: name, ratio: ratioOf([running.peakMiB()], [blackbox.peakMiB()]) }
        : peak,
    ];
    return { figures, own };
  } finally {
    await running.stop();
    await blackbox?.stop();
  }
}

/** 10, 100 and 1 000 targets over HTTP, TCP and TLS; points are written, too. */
export async function measureThroughput(surroundings: Surroundings, say: (line: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const said = new Set<string>();
  // What is missing is missing each time.
  const sayOnce = (line: string): void => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
  for (const protocol of Object.keys(protocols) as Protocol[]) {
    const taken = new Map<number, Taken>();
    for (const size of sizes) {
      const measured = await measureSize(protocol, size, surroundings, sayOnce);
      figures.push(...measured.figures);
      taken.set(size, measured.own);
    }
    const [few, many] = [taken.get(10), taken.get(1000)];
    if (few && many) figures.push(growth(protocol, few, many));
  }
  return figures;
}

/** Linear: a probe among a thousand costs no more than one among ten, as far as can be measured: processor time is told in steps of 3 %. */
function growth(protocol: Protocol, few: Taken, many: Taken): Figure {
  return compare(`${protocol}: CPU a probe, 1 000 targets against 10`, 'µs', many.cpuUs, { name: 'at 10', readings: few.cpuUs }, 1.1);
}
