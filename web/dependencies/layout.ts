/** Where the nodes and lines of a picture lie; reckoned beside the page, which meanwhile does not stand still. */
import { code } from 'bundled:./layout-worker';

/** A point in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is laid out: sizes in pixels. */
export interface Graph {
  readonly nodes: readonly { readonly id: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** The middle of each node, and the course of each line. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (Point & { readonly id: string })[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

/** @throws an error where the worker fails, or the signal's reason. */
export async function layOut(graph: Graph, signal: AbortSignal): Promise<Layout> {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(url);
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      worker.addEventListener('message', ({ data }) => resolve(data as Layout));
      worker.addEventListener('error', ({ message }) => reject(new Error(`The picture could not be laid out: ${message}`)));
      worker.postMessage(graph, []);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}
