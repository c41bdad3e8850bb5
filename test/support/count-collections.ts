/** Preloaded into a function's process: keeps in the file that `COUNT_COLLECTIONS` names how often young objects were collected so far. */
import { writeFileSync } from 'node:fs';
import { constants, PerformanceObserver } from 'node:perf_hooks';

const file = process.env['COUNT_COLLECTIONS'];
let collections = 0;
new PerformanceObserver((list) => {
  const kinds = list.getEntries().map((entry) => (entry as unknown as { detail: { kind: number } }).detail.kind);
  collections += kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MINOR).length;
  if (file) writeFileSync(file, String(collections));
}).observe({ entryTypes: ['gc'] });
