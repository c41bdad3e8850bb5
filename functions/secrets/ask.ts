/** Asks Secret Manager, and where need be Resource Manager, for all that the rules on the secrets are judged by. */
import { groupBy } from '../../shared/group';
import { monotonic } from '../../shared/clock';
import type { Cloud, IamBinding, SecretManager, SecretMetadata, SecretPayload, VersionMetadata } from '../../shared/cloud/cloud';
import { Fault } from '../../shared/fault';
import type { RunFacts } from '../../shared/probe';
import { readingOf } from './readers';
import type { Requirement } from './requirement';

/** What is known of one version. A fault stands where an answer was refused or did not come. */
export interface VersionAnswer {
  /** As asked for: a number, an alias or `latest`. */
  readonly asked: string;
  readonly metadata: VersionMetadata | Fault;
  /** Asked where this version is not enabled. */
  readonly newestEnabled?: VersionMetadata | Fault;
  /** Absent where no value may be read, or where there is none to read. */
  readonly payload?: SecretPayload | Fault;
}

/** What is known of one secret. */
export interface SecretAnswer {
  /** As its first rule names it. */
  readonly secret: string;
  readonly rules: readonly Requirement[];
  readonly metadata: SecretMetadata | Fault;
  readonly versions: readonly VersionAnswer[];
  /** The secret's policy, then its project's where the first does not decide; empty where no rule asks for readers. */
  readonly policies: readonly (readonly IamBinding[] | Fault)[];
  readonly durationMs: number;
}

/** What is asked with. */
export interface AskOptions {
  readonly cloud: Pick<Cloud, 'secretManager' | 'projectPolicy'>;
  readonly run: Pick<RunFacts, 'project'>;
  readonly signal: AbortSignal;
  /** Told each value as soon as it is there. */
  readonly capture: (value: string) => void;
}

/** So many secrets are asked for at once: a long list neither waits for each in turn nor spends the API's quota in a burst. */
const atOnce = 10;

/**
 * Asks for every secret; several rules may be about one, also by its bare and its full name.
 * @param access false: no value is read.
 * @returns the answers in the order of the rules; refusals and silence are part of them.
 */
export async function askAll(rules: readonly Requirement[], access: boolean, options: AskOptions): Promise<readonly SecretAnswer[]> {
  const manager = options.cloud.secretManager();
  const projectPolicy = projectPolicies(options);
  const answers: SecretAnswer[] = [];
  const groups = [...groupBy(rules, ({ secret }) => manager.resourceOf(secret)).values()];
  const waiting = groups.entries();
  const work = async (): Promise<void> => {
    for (const [index, own] of waiting) {
      const secret = own[0]?.secret ?? '';
      const begun = monotonic();
      const versions = [...new Set(own.map(({ version }) => version))];
      const members = own.flatMap(({ readableBy }) => readableBy ?? []);
      const [metadata, policies, ...found] = await Promise.all([
        told(manager.secret(secret, options.signal)),
        members.length > 0 ? askPolicies(secret, members, manager, projectPolicy, options.signal) : [],
        ...versions.map((version) => askVersion(secret, version, access, manager, options)),
      ]);
      answers[index] = { secret, rules: own, metadata, versions: found, policies, durationMs: monotonic() - begun };
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, groups.length) }, work));
  return answers;
}

/** @returns the answer, or the fault in its place; any other error is none of the API's. */
async function told<T>(answer: Promise<T>): Promise<T | Fault> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

async function askVersion(
  secret: string,
  asked: string,
  access: boolean,
  manager: SecretManager,
  { signal, capture }: AskOptions,
): Promise<VersionAnswer> {
  const metadata = await told(manager.version(secret, asked, signal));
  // Who may not read metadata may still read values, whose refusal tells the state, too.
  const open = metadata instanceof Fault ? metadata.reason === 'api_denied' : metadata.state === 'ENABLED';
  if (open) {
    if (!access) return { asked, metadata };
    const payload = await told(manager.access(secret, asked, signal));
    if (!(payload instanceof Fault)) capture(Buffer.from(payload.data).toString('utf8'));
    return { asked, metadata, payload };
  }
  return metadata instanceof Fault
    ? { asked, metadata }
    : { asked, metadata, newestEnabled: await told(manager.newestEnabled(secret, signal)) };
}

type ProjectPolicy = (project: string) => Promise<readonly IamBinding[] | Fault>;

/** Many secrets share a project, whose policy is asked for once. */
function projectPolicies({ cloud, run, signal }: AskOptions): ProjectPolicy {
  const asked = new Map<string, ReturnType<ProjectPolicy>>();
  return (name) => {
    const project = /^projects\/([^/]+)\//.exec(name)?.[1] ?? run.project;
    const policy = asked.get(project) ?? told(cloud.projectPolicy(signal, project));
    asked.set(project, policy);
    return policy;
  };
}

async function askPolicies(
  secret: string,
  members: readonly string[],
  manager: SecretManager,
  projectPolicy: ProjectPolicy,
  signal: AbortSignal,
): Promise<SecretAnswer['policies']> {
  const own = await told(manager.policy(secret, signal));
  if (own instanceof Fault && own.reason !== 'api_denied') return [own];
  const decided = !(own instanceof Fault) && members.every((member) => readingOf(member, own) === 'granted');
  return decided ? [own] : [own, await projectPolicy(secret)];
}
