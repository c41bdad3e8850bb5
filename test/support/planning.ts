/** Plans from configurations given as objects, loaded as files are; and numbers that look random and are the same each time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPlan } from '../../deploy/plan/build';
import type { Documents } from '../../deploy/plan/documents';
import type { FunctionPlan, Plan } from '../../deploy/plan/plan';
import { kinds } from '../../functions/kinds';
import { loadWhole, type Loaded } from '../../shared/config/load';

type Sections = Readonly<Record<string, unknown>>;

const base = { environment: 'test', project: 'test-project', region: 'us-central1' };

/** @returns what a file with this text loads to. */
export function loadedText(text: string, name = 'synthetics.yaml'): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-plan-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, text);
    return loadWhole(path, kinds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns what the sections load to, behind the required keys. */
export function loadedOf(sections: Sections): Loaded {
  return loadedText(JSON.stringify({ ...base, ...sections }, null, 2), 'config.json');
}

/** @returns no documents, for a plan of all else. */
export function noDocuments(): Documents {
  return {
    descriptors: [],
    policies: [],
    dashboard: { displayName: '', labels: {}, mosaicLayout: { columns: 12, tiles: [] } },
    uptimeChecks: [],
    syntheticMonitors: [],
    notes: [],
  };
}

/** @returns the plan of the sections. */
export function planOf(sections: Sections, documents: Partial<Documents> = {}): Plan {
  return buildPlan(loadedOf(sections), { kinds, services: [] }, () => ({ ...noDocuments(), ...documents }));
}

/** @returns the plan's function of a kind. */
export function functionOf(plan: Plan, kind: string): FunctionPlan {
  const found = plan.functions.find((each) => each.kind === kind);
  if (!found) throw new Error(`no function ${kind}`);
  return found;
}

/** @returns numbers from 0 to 1 (mulberry32), always the same ones for a seed. */
export function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
