/** Preloaded into a function's process: appends every module that is loaded, and when, to the file that `RECORD_LOADS` names. */
import { appendFileSync } from 'node:fs';
import Module from 'node:module';

const file = process.env['RECORD_LOADS'];
const inner = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = inner._load;
const seen = new Set<string>();
inner._load = function (request, ...rest) {
  if (file && !seen.has(request)) appendFileSync(file, `${Date.now()} ${request}\n`);
  seen.add(request);
  return load.call(this, request, ...rest);
};
