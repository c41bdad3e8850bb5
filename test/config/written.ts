/** Configurations written to a folder of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { kinds } from '../../functions/kinds';
import type { Config, Target } from '../../shared/config/config';
import { loadConfig } from '../../shared/config/load';

export const head = 'environment: staging\nproject: my-project\nregion: us-central1\n';

/** A folder that lives as long as the tests of a file. */
export function ownFolder(): { readonly path: string; write(name: string, text: string | Uint8Array): string } {
  const path = mkdtempSync(join(tmpdir(), 'synthetics-config-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, text) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
  };
}

/** @returns what the body, behind the required keys, loads to. */
export function loaded(folder: ReturnType<typeof ownFolder>, body: string): Config {
  return loadConfig(folder.write('synthetics.yaml', head + body), kinds);
}

/** @returns the target of this name. */
export function targetNamed(config: Config, name: string): Target {
  const target = config.targets.find((item) => item.name === name);
  if (!target) throw new Error(`there is no target ${name}`);
  return target;
}

/** @returns the message of the error that the work throws. */
export function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no error';
}
