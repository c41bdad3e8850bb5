/** Writes docs/runbooks.md from the catalogue of runbooks. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runbooksMarkdown } from '../deploy/runbooks/markdown';

writeFileSync(resolve(__dirname, '../../docs/runbooks.md'), runbooksMarkdown());
