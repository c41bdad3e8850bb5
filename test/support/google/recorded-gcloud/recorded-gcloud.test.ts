/** The recorded gcloud asks and prints what the real one does. */
import { readFileSync } from 'node:fs';
import { gcloudForTests, recordedGcloud } from '../gcloud';
import { play, recordingFile } from './play';
import type { Recording } from './play';

const recording = JSON.parse(readFileSync(recordingFile, 'utf8')) as Recording;

function expectTheSame(played: Recording): void {
  expect(played.unexpected).toEqual([]);
  expect(played.uploaded).toEqual(recording.uploaded);
  for (const [index, command] of played.commands.entries()) expect(command).toEqual(recording.commands[index]);
  expect(played.commands).toHaveLength(recording.commands.length);
}

describe('what was recorded of gcloud in a whole deployment', () => {
  it('is what the recorded gcloud does', async () => {
    expectTheSame(await play(recordedGcloud.path));
  }, 60_000);

  it('is what the gcloud of this machine does', async () => {
    expectTheSame(await play(gcloudForTests().path));
  }, 180_000);
});
