/** Tells from what esbuild has put into a bundle whose code it is. */
import type { Metafile } from 'esbuild';

const packagePath = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * @param metafiles with paths relative to the project's folder
 * @returns the paths, as in the lockfile, of every package of which at least a byte is in the output, ascending
 */
export function packagesIn(metafiles: readonly Metafile[]): readonly string[] {
  const files = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file);
  const paths = files.flatMap((file) => packagePath.exec(file) ?? []);
  const outside = paths.find((path) => !path.startsWith('node_modules/'));
  if (outside !== undefined) throw new Error(`${outside} is not a package of this project`);
  return [...new Set(paths)].toSorted();
}
