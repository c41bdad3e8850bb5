/** What a run sends to Cloud Monitoring, and how long its answer waits for that. */
import { configurationOf, targetOf, targetsOf, writeConfiguration } from '../configurations';
import { alone, type Figure } from '../figures';
import { ours, run, start, type RunAnswer } from '../functions';
import { monotonic, wallClock } from '../../shared/clock';
import type { Surroundings } from '../surroundings';

const sizes = [1, 100, 1000] as const;
const readings = 7;
const seriesPerRequest = 200;

/** @returns when the last probe was over, in milliseconds since 1970. */
function lastEnd({ results }: RunAnswer): number {
  return Math.max(...results.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs));
}

/** Bytes and requests on the wire of CreateTimeSeries, and the time from the last probe to the answer. */
export async function measureTelemetry(surroundings: Surroundings): Promise<readonly Figure[]> {
  const { folder, google, addresses } = surroundings;
  const figures: Figure[] = [];
  for (const size of sizes) {
    const targets = targetsOf(size, () => targetOf('http', surroundings));
    const path = await writeConfiguration(folder, `telemetry-${size}`, configurationOf({ http: targets }));
    const running = await start(ours('http', path, surroundings, addresses.counted));
    const [bytes, requests, waits]: [number[], number[], number[]] = [[], [], []];
    let allowed = 0;
    try {
      for (let reading = -1; reading < readings; reading += 1) {
        await google.ask('clear');
        const answer = await run(running);
        const wait = wallClock() - (monotonic() - answer.at) - lastEnd(answer);
        const received = await google.ask('received');
        allowed = Math.ceil(answer.telemetry.written / seriesPerRequest) + Math.floor(answer.durationMs / 5000);
        if (reading < 0) continue;
        bytes.push(received.bytes / answer.telemetry.written);
        requests.push(received.series.length);
        waits.push(wait);
      }
    } finally {
      await running.stop();
    }
    const title = `${size} targets`;
    figures.push(
      alone(`${title}: requests to Cloud Monitoring`, '', requests, allowed),
      alone(`${title}: bytes a point`, 'B', bytes),
      alone(`${title}: last probe to answer`, 'ms', waits),
    );
  }
  return figures;
}
