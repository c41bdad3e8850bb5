/** What a kind is: the schema of its targets, its conditions, and the probe that runs one target once. */
import type * as z from 'zod';
import type { Cloud } from './cloud/cloud';
import type { Connection, Destination, TlsSettings } from './dial/connection';
import type { Reason } from './reasons';
import type { Finding, Observed, Phase } from './result';

/**
 * Where a kind differs from what goes for every kind (every minute, 10s, 2 attempts). What a target says counts first, then the
 * file's `defaults`, then what stands here. Only the schedule is stronger than that of the file.
 */
export interface KindDefaults {
  /** Cron expression, UTC. */
  readonly schedule?: string;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

/**
 * One condition of `expect` and `warn`. `judge` returns null when it is met, else what is wrong, with the actual and the
 * expected value; a fact that was not observed is wrong, too.
 */
export interface Condition<Evidence> {
  /** Schema of the value in the configuration. */
  readonly schema: z.ZodType;
  /** The reason of an unmet condition, or how the evidence tells it. */
  readonly reason: Reason | ((evidence: Evidence) => Reason);
  readonly judge: (expected: never, evidence: Evidence, observed: Observed) => string | null;
}

export type Conditions<Evidence> = Readonly<Record<string, Condition<Evidence>>>;

/** Where a target leads, as far as its configuration shows it without any secret: for forbidden hosts, and for waiting on the network. */
export type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string };

/** What is wrong inside a target, and where: `path` leads from the target to the value. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Another target of the file, and where in the target it is named. */
export interface TargetReference {
  readonly path: readonly (string | number)[];
  readonly kind: string;
  readonly name: string;
}

/** What a target's contradictions may depend on besides itself. */
export interface FileFacts {
  /** The project whose secrets a bare name means. */
  readonly project: string;
}

/** The data of a kind: everything but the code that probes. Pure, so that every bundle can check every section. */
export interface Kind<Shape extends z.ZodRawShape = z.ZodRawShape, Evidence = never> {
  /** The entry point's name, the section in the configuration and the label of the metrics. */
  readonly name: string;
  /** What it checks, for people. */
  readonly title: string;
  /** The target's own fields; what every target has is added by the configuration's schema. */
  readonly fields: Shape;
  readonly conditions: Conditions<Evidence>;
  readonly defaults: KindDefaults;
  /** Who runs the service that is probed: `infrastructure` for products such as databases; default: the application's people. */
  readonly serviceOwner?: 'application' | 'infrastructure';
  /** True when its targets may use TLS, and so may carry `minCertificateValidity`. */
  readonly tls: boolean;
  /** True when the probe itself asks Secret Manager; that its targets' values may be secret does not count. */
  readonly asksSecretManager?: boolean;
  /** True when the probe asks Google's REST APIs. */
  readonly asksRest?: boolean;
  /** Endpoints of a target whose strings may still hold templates or secret references; those are left out. */
  endpoints(target: Resolved<z.output<z.ZodObject<Shape>>>): readonly Endpoint[];
  /** True for a target that surely speaks no TLS, so that no certificate can be asked of it. */
  plain?(target: z.output<z.ZodObject<Shape>>): boolean;
  /**
   * Contradictions inside one target that the schema can't say. They are looked for in a target that is wrong elsewhere, too: what
   * is wrong in itself can't be read, which ends the rule that tries to (`tell` in shared/config/partly.ts, around each rule), but
   * `in` shows that it stands there; a wrong item of a list is a hole, which map, flatMap, filter, some, every and indexOf skip.
   */
  check?(target: z.output<z.ZodObject<Shape>>, file: FileFacts): readonly Problem[];
  /** Other targets that a target speaks of: their fields are given to its probe, their secrets are fetched with its own. */
  references?(target: z.output<z.ZodObject<Shape>>): readonly TargetReference[];
  /** Names of the variables, besides secrets, that a template at this path of the target may use. */
  variablesAt?(target: z.output<z.ZodObject<Shape>>, path: readonly (string | number)[]): readonly string[];
  /** Every value that a variable inside the name of a secret may take, e.g. `user` in `${secret:probe-${user}-password}`. */
  secretVariables?(target: z.output<z.ZodObject<Shape>>): Readonly<Record<string, readonly string[]>>;
}

/** A reference to a secret; in a resolved target its value stands in its place. */
export interface SecretReference {
  readonly secret: string;
  readonly version: string;
}

/** A file beside the configuration; in a resolved target its text stands in its place. */
export interface FileReference {
  readonly file: string;
}

/** A target as its probe sees it: every reference replaced by its value. What holds more than a reference does is none. */
export type Resolved<T> = T extends SecretReference | FileReference
  ? [Exclude<keyof T, keyof SecretReference | keyof FileReference>] extends [never]
    ? string
    : ResolvedFields<T>
  : T extends readonly (infer Item)[]
    ? readonly Resolved<Item>[]
    : T extends object
      ? ResolvedFields<T>
      : T;
type ResolvedFields<T> = { readonly [Key in keyof T]: Resolved<T[Key]> };

/** The run that a probe is part of. */
export interface RunFacts {
  readonly runId: string;
  readonly project: string;
  readonly region: string;
  readonly environment: string;
  /** Patterns such as `*.staging.example.com`. */
  readonly forbiddenHosts: readonly string[];
}

/** What the engine gives to a probe for one attempt. */
export interface ProbeContext {
  /** Fires when the attempt's time is over; every open connection is destroyed then. */
  readonly signal: AbortSignal;
  readonly target: string;
  readonly run: RunFacts;
  readonly cloud: Cloud;
  /** The target's `expect`, for a probe that need not go on once an answer can't pass; it is judged by the run all the same. */
  readonly expect: Readonly<Record<string, unknown>>;
  /** @returns milliseconds left of the attempt, at least 0. */
  remaining(): number;
  /**
   * Runs and times a part of the probe. It ends at the latest with the attempt's time, or as soon as a dialled connection that
   * was not yet adopted or closed is lost. What throws inside is the target's fault, what throws outside is ours.
   */
  phase<T>(name: Phase, work: () => Promise<T>): Promise<T>;
  /**
   * A part of a phase with a limit of its own; without one it may take what is left of the attempt. What `late` says is told
   * when the time is over, a moment before the attempt itself would end.
   * @param limitMs undefined for what is left.
   * @param late given the limit that counted, in milliseconds.
   * @throws Fault `timeout`, or `prober_exhausted` where our own event loop was blocked for much of the time.
   */
  readonly within: <T>(limitMs: number | undefined, work: () => Promise<T>, late: (limitMs: number) => string) => Promise<T>;
  /** From the next phase on, phases count in the place of those so far: the same work is done again elsewhere, after a redirect. */
  startOver(): void;
  /** The phases dns, connect and, where asked for, tls; certificate and address facts are observed by the way. */
  dial(destination: Destination): Promise<Connection>;
  /**
   * Starts TLS on a connection that was dialled plain: the phase tls, as `dial` goes through it.
   * @param to where the connection leads.
   * @returns the connection that takes the place of the plain one.
   */
  secure(plain: Connection, tls: TlsSettings, to: Destination['to']): Promise<Connection>;
  /**
   * Tries something else for comparison, with a context whose phases, facts, warnings and findings do not count. The attempt's
   * time goes on; its connections are closed with the attempt at the latest.
   */
  aside<T>(work: (context: ProbeContext) => Promise<T>): Promise<T>;
  /**
   * A part of the attempt that has time, connections and phases of its own, so that several may run at once: a step of a journey. Its
   * warnings count, its findings do not. When it ends, its connections are closed.
   * @param limitMs undefined for what is left; a part always ends a moment before the attempt itself would.
   * @param observed takes the facts of the part, also of one that fails.
   * @throws what `work` throws, or the fault of the deadline in the phase that was reached.
   */
  part<T>(limitMs: number | undefined, observed: Observed, work: (context: ProbeContext) => Promise<T>): Promise<T>;
  observe(facts: Observed): void;
  /** Something wrong that does not make the target fail. */
  warn(finding: Omit<Finding, 'outcome'>): void;
  /** What is said of one subject; a failed or unknown one makes the result so. */
  find(finding: Finding): void;
  /** The fields of another target that this one names, every reference to a secret replaced by its value. */
  referenced(name: string): Readonly<Record<string, unknown>>;
  /** A value taken from an answer: texts that leave the process won't show it. */
  capture(value: string): void;
  /**
   * Takes secrets out of a text that came from elsewhere; to be called before such a text is shortened or its blanks are changed.
   * `isCut` says that it may end in the midst of one.
   */
  readonly redact: (text: string, isCut?: boolean) => string;
  /** Replaces the variables in every string of a value that came from the target's configuration. */
  render<T>(value: T, variables: Readonly<Record<string, string>>): T;
}

/** The code of a kind. */
export interface Probe<Shape extends z.ZodRawShape, Evidence> {
  /** One attempt; returns what the conditions judge. */
  readonly run: (target: Resolved<z.output<z.ZodObject<Shape>>>, context: ProbeContext) => Promise<Evidence>;
  /** Names the reason of an error that came out of a driver, where the driver's own codes say it; else undefined. */
  readonly explain?: (error: unknown) => { reason: Reason; code?: string; message?: string; hint?: string } | undefined;
}

/** The code of whichever kind: what its target and its evidence are is known to the kind alone. */
export type AnyProbe = Pick<Probe<z.ZodRawShape, unknown>, 'explain'> & {
  readonly run: (target: never, context: ProbeContext) => Promise<unknown>;
};

/** States a kind; only there to bind the types of its fields and conditions together. */
export function defineKind<Shape extends z.ZodRawShape, Evidence>(kind: Kind<Shape, Evidence>): Kind<Shape, Evidence> {
  return kind;
}

/**
 * The type of a kind's probe: `export const probe: ProbeOf<typeof kind> = { … }`. A literal and no call, so that the bundler sees that
 * nothing happens by it, and drops it from the bundles of other kinds with all that it alone imports.
 */
export type ProbeOf<K> = K extends Kind<infer Shape, infer Evidence> ? Probe<Shape, Evidence> : never;
