/** Measured latency against a server that takes a known time: how much of what is told is our own. */
import { configurationOf, targetsOf, writeConfiguration } from '../configurations';
import { alone, quantile, type Figure } from '../figures';
import { ours, run, start } from '../functions';
import type { Surroundings } from '../surroundings';

const concurrencies = [1, 20, 100] as const;
const delaysMs = [5, 10, 30] as const;
const targets = 200;
const readings = 5;

/** @returns milliseconds by which each request seemed longer than the server took. */
async function errorsOf(url: string, concurrency: number, surroundings: Surroundings): Promise<readonly (readonly number[])[]> {
  const { folder, google } = surroundings;
  const section = targetsOf(targets, (index) => ({ url: `${url}${delaysMs[index % delaysMs.length]}` }));
  const path = await writeConfiguration(folder, `slow-${concurrency}`, configurationOf({ http: section }, concurrency));
  const running = await start(ours('http', path, surroundings));
  const taken: (readonly number[])[] = [];
  try {
    for (let reading = -1; reading < readings; reading += 1) {
      await google.ask('clear');
      const { results } = await run(running);
      const errors = results.map(({ phases, observed }) => (phases['request'] ?? NaN) - Number(observed['http.server']));
      if (reading >= 0) taken.push(errors);
    }
    return taken;
  } finally {
    await running.stop();
  }
}

/** The phase `request` of 200 targets against what the server says it took, at three concurrencies. */
export async function measureAccuracy(surroundings: Surroundings): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const concurrency of concurrencies) {
    const errors = await errorsOf(`http://127.0.0.1:${surroundings.ports.slow}/`, concurrency, surroundings);
    const at = (share: number): readonly number[] => errors.map((ofRun) => quantile(ofRun, share));
    figures.push(
      alone(`concurrency ${concurrency}: error, 50th percentile`, 'ms', at(0.5)),
      alone(`concurrency ${concurrency}: error, 99th percentile`, 'ms', at(0.99)),
    );
  }
  return figures;
}
