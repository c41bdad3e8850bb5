/** The memory peak of every function at a thousand targets. */
import { kinds } from '../../functions/kinds';
import { ask } from '../ask';
import { configurationOf, targetOf, targetsOf, writeConfiguration } from '../configurations';
import { alone, type Figure } from '../figures';
import { ours, run, start } from '../functions';
import type { Surroundings } from '../surroundings';

const targets = 1000;
const runs = 3;
const atMostMiB = 160;

/** Runs each function some times over a thousand targets; of the services, those that read all of them. */
export async function measureMemory(surroundings: Surroundings): Promise<readonly Figure[]> {
  const { folder, google, ports } = surroundings;
  const peakOf = async (name: string, path: string, work: (url: string) => Promise<unknown>): Promise<Figure> => {
    const running = await start(ours(name, path, surroundings));
    try {
      for (let done = 0; done < runs; done += 1) await work(running.url);
      return alone(`${name}, ${targets} targets`, 'MiB', [running.peakMiB()], atMostMiB);
    } finally {
      await running.stop();
    }
  };
  const figures: Figure[] = [];
  for (const { name } of kinds) {
    if (name === 'redis' && ports.redis === undefined) continue;
    const section = targetsOf(targets, () => targetOf(name, surroundings));
    const path = await writeConfiguration(folder, `memory-${name}`, configurationOf({ [name]: section }));
    figures.push(
      await peakOf(name, path, async (url) => {
        await google.ask('clear');
        await run({ url });
      }),
    );
  }
  const section = targetsOf(targets, () => targetOf('http', surroundings));
  const path = await writeConfiguration(folder, 'memory-services', configurationOf({ http: section }));
  await google.ask('clear');
  const probing = await start(ours('http', path, surroundings));
  await run(probing);
  await probing.stop();
  figures.push(await peakOf('diagnose', path, (url) => ask(`${url}/`)));
  figures.push(await peakOf('status', path, (url) => ask(`${url}/api/targets`)));
  return figures;
}
