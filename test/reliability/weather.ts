/** What may go wrong with Cloud Monitoring during a run, drawn by chance; and a way to it whose connections can be cut. */
import { connect, type Socket } from 'node:net';
import type { MonitoringEmulator, MonitoringFault } from '../../local/emulators/monitoring';
import type { SeriesIdentity } from '../../local/emulators/monitoring/types';
import { pick, type Chance } from '../shared/diagnose/random-graphs';
import { serveRaw, type RawServer } from '../support/raw-server';

/** One sort of weather. */
export interface Weather {
  readonly name: string;
  /** True where a point may be written without anybody telling us: the answer was lost, or did not say which. */
  readonly isUntold: boolean;
  /** True where it may take all the time that a write has. */
  readonly isSlow: boolean;
  readonly fault?: MonitoringFault;
  /** Connections to be cut: so many milliseconds after each of their first bytes, so many times. */
  readonly cut?: { readonly afterMs: number; readonly times: number };
}

const codes = { DEADLINE_EXCEEDED: 4, RESOURCE_EXHAUSTED: 8, INTERNAL: 13, UNAVAILABLE: 14 } as const;

/** @returns whether a series is among the unlucky ones: always the same for the same series. */
const isUnlucky =
  (share: number) =>
  ({ metric, resource }: SeriesIdentity): boolean => {
    let sum = 7;
    for (const character of JSON.stringify([metric, resource])) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
    return sum / 9973 < share;
  };

/** @returns weather; calm every third time. */
export function weatherBy(chance: Chance, mayBeSlow: boolean): Weather {
  const [name, code] = pick(Object.entries(codes), chance);
  const fast: readonly Weather[] = [
    { name: 'calm', isUntold: false, isSlow: false },
    { name: 'calm', isUntold: false, isSlow: false },
    { name: `${name} once`, isUntold: false, isSlow: false, fault: { code, times: 1 } },
    { name: `${name} thrice`, isUntold: false, isSlow: false, fault: { code, times: 3 } },
    { name: 'denied', isUntold: false, isSlow: false, fault: { code: 7, message: 'denied' } },
    { name: 'slow', isUntold: false, isSlow: false, fault: { delayMs: Math.floor(chance() * 1500) } },
    { name: `${name} after it was done`, isUntold: true, isSlow: false, fault: { code, times: 1, afterwards: true } },
    ...(['plain', 'described', 'none'] as const).map((indices): Weather => {
      const refusal = { refuse: isUnlucky(chance()), code: pick([3, 13], chance), message: 'Internal error encountered.', indices };
      return { name: `some refused, indices ${indices}`, isUntold: indices === 'none', isSlow: false, fault: refusal };
    }),
    { name: 'cut', isUntold: true, isSlow: false, cut: { afterMs: Math.floor(chance() * 20), times: 1 + Math.floor(chance() * 3) } },
  ];
  const slow: readonly Weather[] = [
    { name: `${name} for ever`, isUntold: false, isSlow: true, fault: { code } },
    { name: 'silent', isUntold: false, isSlow: true, fault: { blackHole: true } },
    { name: 'silent once', isUntold: false, isSlow: true, fault: { blackHole: true, times: 1 } },
    { name: 'silent once it was done', isUntold: true, isSlow: true, fault: { blackHole: true, times: 1, afterwards: true } },
    { name: 'too slow', isUntold: true, isSlow: true, fault: { delayMs: 5000 } },
    { name: 'cut for ever', isUntold: true, isSlow: true, cut: { afterMs: 0, times: Infinity } },
  ];
  return pick(mayBeSlow && chance() < 0.5 ? slow : fast, chance);
}

/** A way to an emulator. */
export interface Way {
  readonly address: string;
  /** Lets the weather begin; what comes back ends it. */
  begin(weather: Weather): () => void;
  close(): Promise<void>;
}

/** Starts it. */
export async function wayTo(emulator: MonitoringEmulator): Promise<Way> {
  const open = new Set<Socket>();
  let cut: { readonly afterMs: number; times: number } | undefined;
  const through = (near: Socket, far: Socket): void => {
    near.pipe(far);
    near.on('data', () => {
      const cutting = cut;
      if (!cutting || cutting.times <= 0) return;
      cutting.times -= 1;
      setTimeout(() => (near.resetAndDestroy(), far.destroy()), cutting.afterMs);
    });
    near.once('close', () => (far.destroy(), open.delete(near)));
    open.add(near);
  };
  const server: RawServer = await serveRaw((near) => {
    const far = connect(Number(emulator.address.split(':')[1]), '127.0.0.1').on('error', () => near.destroy());
    through(near, far);
    far.pipe(near);
    far.once('close', () => near.destroy());
  });
  return {
    address: `${server.host}:${server.port}`,
    begin(weather) {
      cut = weather.cut && { ...weather.cut };
      const heal = weather.fault ? emulator.fault(weather.fault) : undefined;
      return () => {
        cut = undefined;
        heal?.();
        emulator.heal();
      };
    },
    close: () => server.close(),
  };
}
