/** Writes the figures of `bench/results.json` into the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readResults } from './results';
import { summaryOf } from './summary';

const path = resolve(__dirname, '../../README.md');
const marked = /(<!-- figures -->\n)[\s\S]*?(<!-- end of figures -->)/;
writeFileSync(
  path,
  readFileSync(path, 'utf8').replace(marked, (_, begin: string, end: string) => `${begin}\n${summaryOf(readResults())}\n\n${end}`),
);
