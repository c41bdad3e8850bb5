/** Runs mutation testing, of all areas or of those named, prints what survived, and keeps the table in docs/mutation.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOver, Problem, root, say } from '../bootstrap/run.mjs';
import { areas } from './areas.mjs';
import { countMutants, forgetSurvivors, readReport, survivorsOf, tableOf } from './report.mjs';

const document = join(root, 'docs/mutation.md');
const table = /(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/;

/**
 * @param named the areas to run; none: all.
 * @returns 0 where each area that ran has the score that stryker.config.mjs asks for
 */
export async function runMutation(nodeProgram, named) {
  const unknown = named.filter((name) => !Object.hasOwn(areas, name));
  if (unknown.length > 0) throw new Problem(`no such area: ${unknown.join(', ')}; there are ${Object.keys(areas).join(', ')}`);
  let worst = 0;
  for (const area of named.length > 0 ? named : Object.keys(areas)) {
    forgetSurvivors(area);
    const code = await handOver(nodeProgram, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'], {
      more: { MUTATION_AREA: area },
    });
    worst = Math.max(worst, code);
    const report = readReport(area);
    if (report) say([`\n${area}: nobody noticed`, ...survivorsOf(report), ''].join('\n'));
  }
  const counted = Object.keys(areas).flatMap((area) => {
    const report = readReport(area);
    return report ? [{ area, ...countMutants(report) }] : [];
  });
  const rows = tableOf(counted);
  process.stdout.write(`${rows}\n`);
  if (counted.length === Object.keys(areas).length) {
    const text = readFileSync(document, 'utf8');
    writeFileSync(document, text.replace(table, `$1\n${rows}\n\n$2`));
  }
  return worst;
}
