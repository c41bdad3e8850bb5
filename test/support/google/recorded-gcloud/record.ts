/** Records the scenario anew with the installed gcloud: `node build/test/support/google/recorded-gcloud/record.js`. */
import { writeFileSync } from 'node:fs';
import { installedGcloud, recordedGcloud } from '../gcloud';
import { play, recordingFile } from './play';

async function record(): Promise<void> {
  const program = installedGcloud();
  if (!program) throw new Error(`There is no gcloud to record; ${recordedGcloud.path} plays what was recorded.`);
  writeFileSync(recordingFile, `${JSON.stringify(await play(program.path), null, 2)}\n`);
}

void record();
