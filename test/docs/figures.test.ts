import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readResults } from '../../bench/results';
import { summaryOf } from '../../bench/summary';

test('the README shows the figures that were measured: `node build/bench/readme.js` writes them', () => {
  expect(readFileSync(resolve(__dirname, '../../../README.md'), 'utf8')).toContain(summaryOf(readResults()));
});
