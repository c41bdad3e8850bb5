/** Loads a configuration: reads, checks everything at once, fills in defaults, freezes. */
import type { Kind } from '../probe';
import { secretsIn } from '../secrets/template';
import { canonicalJson, hashOf } from './canonical';
import type { Config, Network, Target } from './config';
import { draftOf, timingOf, type Draft, type FileParts } from './draft';
import { fileMistakes } from './file-rules';
import { inlineFiles } from './files';
import { name as nameSchema } from './fields';
import { mistakesOf } from './messages';
import { isMapping, parsePartly, tell } from './partly';
import { configError, shownKey, type Mistake } from './problems';
import { periodOf } from './schedule';
import { outlineSchema, targetSchema, type Common, type General } from './schema';
import { readSource } from './source';
import { targetMistakes, type Surroundings } from './target-rules';

export interface LoadOptions {
  /** Overrides the file's `project`. */
  readonly project?: string;
}

/** A configuration, and the JSON that stands for it in a deployment. */
export interface Loaded {
  readonly config: Config;
  /** Canonical: keys in order, files inlined, no blanks. */
  readonly compiled: string;
}

/**
 * Loads a YAML or compiled JSON file.
 * @param kinds the kinds whose sections it may hold
 * @throws ConfigError with every mistake and its place
 */
export function loadConfig(path: string, kinds: readonly Kind[], options: LoadOptions = {}): Config {
  return loadWhole(path, kinds, options).config;
}

/** Loads like `loadConfig`, and gives the compiled JSON, too. */
export function loadWhole(path: string, kinds: readonly Kind[], options: LoadOptions = {}): Loaded {
  const source = readSource(path);
  const fail = (mistakes: readonly Mistake[]): never => {
    throw configError(path, mistakes, (where, at) => source.place(where, at));
  };
  if (source.value === undefined && source.mistakes.length > 0) return fail(source.mistakes);
  if (source.value === undefined || source.value === null)
    return fail([{ path: [], message: 'is empty; allowed: a mapping with at least environment, project and region' }]);
  if (typeof source.value !== 'object' || Array.isArray(source.value))
    return fail([{ path: [], message: 'is not a mapping; allowed: a mapping with at least environment, project and region' }]);

  const sections = new Set(kinds.map((kind) => kind.name));
  const files = inlineFiles(source.value, path, sections);
  const outline = parsePartly(outlineSchema(kinds), files.value);
  const parts = outline.data as FileParts;
  const drafts = kinds.flatMap((kind) => draftsOf(kind, files.value[kind.name]));
  const around = surroundings(parts, options);
  const mistakes = [
    ...source.mistakes,
    ...files.mistakes,
    ...mistakesOf(outline.issues, { at: [], value: files.value, sections }),
    ...drafts.flatMap((draft) => [...ownMistakes(draft, sections), ...targetMistakes(draft, around)]),
    ...fileMistakes(parts, drafts, [...sections]),
  ];
  if (mistakes.length > 0) return fail(mistakes);

  const compiled = canonicalJson(files.value);
  return { config: freeze(configOf(parts as General, drafts, hashOf(compiled), options)), compiled };
}

function draftsOf(kind: Kind, section: unknown): readonly Draft[] {
  if (!isMapping(section)) return [];
  const schema = targetSchema(kind);
  return Object.entries(section).map(([name, value]) => draftOf(kind, name, schema, value));
}

function surroundings(file: FileParts, { project }: LoadOptions): Surroundings {
  const good = (key: 'forbiddenHosts' | 'allowLinkLocal'): readonly string[] => tell(() => (file[key] ?? []).filter(() => true));
  return {
    file,
    forbiddenHosts: good('forbiddenHosts'),
    allowLinkLocal: good('allowLinkLocal'),
    facts: project === undefined ? (file as General) : { project },
  };
}

/** What its schema says against a target, and against its name. */
function ownMistakes(draft: Draft, sections: ReadonlySet<string>): readonly Mistake[] {
  const at = [draft.kind.name, draft.name];
  const named = nameSchema.safeParse(draft.name);
  const wrongName = named.error?.issues.map((issue): Mistake => ({
    path: at,
    at: 'key',
    message: `${JSON.stringify(shownKey(draft.name))} ${issue.message}`,
  }));
  return [...(wrongName ?? []), ...mistakesOf(draft.issues, { at, value: draft.value, sections })];
}

function configOf(parts: General, drafts: readonly Draft[], hash: string, options: LoadOptions): Config {
  const { verify, alerts } = parts;
  return {
    environment: parts.environment,
    project: options.project ?? parts.project,
    region: parts.region,
    network: networkOf(parts.network),
    concurrency: parts.concurrency,
    forbiddenHosts: parts.forbiddenHosts,
    allowLinkLocal: parts.allowLinkLocal,
    dependencies: parts.dependencies,
    verify: {
      rounds: verify?.rounds ?? 3,
      intervalMs: verify?.interval ?? 10_000,
      passRate: verify?.passRate ?? 0.8,
      categories: verify?.categories ?? {},
    },
    alerts: {
      consecutive: alerts?.consecutive ?? 2,
      latencyMs: alerts?.latency,
      slo: alerts?.slo,
      runbook: alerts?.runbook,
      routes: alerts?.routes ?? [],
    },
    status: { operators: parts.status?.operators ?? [] },
    syntheticMonitors: parts.syntheticMonitors,
    targets: drafts.map((draft) => targetOf(draft, drafts, parts)).toSorted(byKindThenName(drafts)),
    hash,
  };
}

/** Keeps the order of the kinds; within one, names ascend. */
function byKindThenName(drafts: readonly Draft[]): (a: Target, b: Target) => number {
  const order = [...new Set(drafts.map((draft) => draft.kind.name))];
  return (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : 1);
}

function networkOf(settings: General['network']): Network {
  if (!settings) return { egress: 'private-ranges-only' };
  const { warmUp, ...rest } = settings;
  return rest.network === undefined ? rest : { ...rest, warmUpMs: warmUp ?? 60_000 };
}

function targetOf(draft: Draft, drafts: readonly Draft[], parts: General): Target {
  const { kind, name, data, spec = {} } = draft;
  const others = (kind.references?.(spec) ?? []).flatMap(
    (named) => drafts.find((other) => other.kind.name === named.kind && other.name === named.name) ?? [],
  );
  const referenced = Object.fromEntries(others.map((other) => [other.name, other.spec ?? {}]));
  const timing = timingOf(draft, parts);
  const common = data as Common & { expect?: Target['expect']; warn?: Target['warn'] };
  const { expect = {}, warn = {} } = common;
  return {
    kind: kind.name,
    name,
    severity: common.severity ?? parts.defaults?.severity ?? 'critical',
    schedule: timing.schedule,
    periodMs: periodOf(timing.schedule),
    timeoutMs: timing.timeoutMs,
    confirm: { attempts: timing.attempts, intervalMs: timing.intervalMs },
    runbook: common.runbook,
    public: common.public,
    ...(common.costPerRun === undefined ? {} : { costPerRun: common.costPerRun }),
    spec,
    expect,
    warn,
    ...(others.length > 0 ? { referenced } : {}),
    secrets: secretsIn([spec, expect, warn, referenced], kind.secretVariables?.(spec)),
  };
}

/** Freezes a value and everything in it. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
