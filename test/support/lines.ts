/** Reads the lines of a verification as they come. */
import type { VerifyLine } from '../../shared/status/actions';
import { linesIn } from '../../shared/verify/lines';

/** Lines of an answer. */
export interface Reading {
  /** The next line; throws where there is none. */
  next(): Promise<VerifyLine>;
  /** All that still come. */
  rest(): Promise<readonly VerifyLine[]>;
}

async function* chunksOf(response: Response): AsyncGenerator<Buffer> {
  if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}: ${await response.text()}`);
  for await (const chunk of response.body) yield Buffer.from(chunk as Uint8Array);
}

/** Begins to read. */
export function readLines(response: Response): Reading {
  const lines = linesIn(chunksOf(response));
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error('there is no further line');
      return JSON.parse(value) as VerifyLine;
    },
    async rest() {
      const all: VerifyLine[] = [];
      for await (const line of lines) all.push(JSON.parse(line) as VerifyLine);
      return all;
    },
  };
}
