/** The recorded gcloud asks and prints what the real one does. */
import { readFileSync } from 'node:fs';
import { gcloudForTests, recordedGcloud } from '../gcloud';
import { objectOf, textOf } from '../rest';
import { play, recordingFile } from './play';
import type { Recording } from './play';

const recording = JSON.parse(readFileSync(recordingFile, 'utf8')) as Recording;

function expectTheSame(played: Recording): void {
  expect(played.unexpected).toEqual([]);
  expect(played.uploaded).toEqual(recording.uploaded);
  for (const [index, command] of played.commands.entries()) expect(command).toEqual(recording.commands[index]);
  expect(played.commands).toHaveLength(recording.commands.length);
}

/** What a deployment relies on in every version: what is changed, what is printed, and how a command ends. */
function effectsOf({ commands, uploaded, unexpected }: Recording): object {
  const changes = commands.map(({ command, exitCode, stdout, requests }) => ({
    command,
    exitCode,
    stdout,
    changes: requests
      .map(objectOf)
      .flatMap(({ method, path }) => (method === 'GET' || textOf(path).endsWith(':getIamPolicy') ? [] : [[method, path]])),
  }));
  return { changes, uploaded, unexpected };
}

describe('what was recorded of gcloud in a whole deployment', () => {
  it('is what the recorded gcloud does', async () => {
    expectTheSame(await play(recordedGcloud.path));
  }, 180_000);

  it('is what the gcloud of this machine does', async () => {
    const played = await play(gcloudForTests().path);
    if (played.version === recording.version) expectTheSame(played);
    // Another version may ask for more, and send more.
    expect(effectsOf(played)).toEqual(effectsOf(recording));
  }, 600_000);
});
