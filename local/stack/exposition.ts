/** What Cloud Monitoring was written, as a page that Prometheus scrapes: the same names, labels and times as in Cloud Monitoring's PromQL. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promqlSeries } from '../../deploy/monitoring/promql';
import { seriesKey, type StoredPoint, type StoredSeries } from '../emulators/monitoring/types';

/** The page. */
export interface Exposition {
  /** `127.0.0.1:port`; any path is the page. */
  readonly address: string;
  stop(): Promise<void>;
}

/** How many points of a series, from its first, were in an answer that went out whole; in two of them. */
interface Told {
  readonly once: number;
  readonly twice: number;
}

/** A page, and what is to be called when it has gone out whole. */
export interface Page {
  readonly text: string;
  readonly delivered: () => void;
}

/**
 * Makes the pages: the series as Prometheus' text format writes them. Each holds the points that came since, with their own times, and
 * those of the page before: that one may have come too late to count. Distributions and texts are left out; nothing of ours writes any.
 */
export function createPages(series: () => readonly StoredSeries[]): () => Page {
  const told = new Map<string, Told>();
  const toldOf = (key: string, length: number): Told => {
    const known = told.get(key) ?? { once: 0, twice: 0 };
    // Fewer than before: all was forgotten, and began anew.
    return known.once <= length ? known : { once: 0, twice: 0 };
  };
  return () => {
    const lines: string[] = [];
    const lengths = new Map<string, number>();
    for (const one of series()) {
      const key = seriesKey(one);
      const { length } = one.points;
      const { twice } = toldOf(key, length);
      if (twice === length) continue;
      const name = promqlSeries(one);
      for (const point of one.points.slice(twice)) lines.push(...lineOf(name, point));
      lengths.set(key, length);
    }
    return {
      text: lines.map((line) => `${line}\n`).join(''),
      delivered() {
        for (const [key, length] of lengths) {
          const { once: before, twice } = toldOf(key, length);
          told.set(key, { once: Math.max(before, length), twice: Math.max(twice, Math.min(before, length)) });
        }
      },
    };
  };
}

function lineOf(name: string, { endMs, value }: StoredPoint): readonly string[] {
  if (typeof value !== 'number' && typeof value !== 'boolean') return [];
  return [`${name} ${Number(value)} ${Math.round(endMs)}`];
}

/** Serves the page on a free port of loopback. */
export async function startExposition(series: () => readonly StoredSeries[]): Promise<Exposition> {
  const pageOf = createPages(series);
  const server = createServer((_, response) => {
    const { text, delivered } = pageOf();
    response.on('finish', delivered);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the page for Prometheus does not listen on a port');
  return {
    address: `127.0.0.1:${bound.port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
