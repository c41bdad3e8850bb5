/** Writes docs/fault-matrix.md from the rows of the matrix. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { documentPath, faultMatrix } from './markdown';

writeFileSync(resolve(__dirname, '../../..', documentPath), faultMatrix());
