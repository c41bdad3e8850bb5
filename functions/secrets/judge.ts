/** Judges what is known of a secret by its rules: one finding a secret, in which the worst counts. */
import type { VersionMetadata } from '../../shared/cloud/cloud';
import { formatDuration } from '../../shared/config/duration';
import { Fault } from '../../shared/fault';
import type { Reason } from '../../shared/reasons';
import type { Finding, Observed } from '../../shared/result';
import { accessBreaches } from './access';
import type { SecretAnswer, VersionAnswer } from './ask';
import { breach, type Breach } from './breach';
import { certificatesIn } from './pem';
import { readerBreaches } from './readers';
import type { Requirement } from './requirement';
import { valueBreaches } from './value';

const dayMs = 86_400_000;
/** How far ahead an expiry counts where no `minValidity` says otherwise. */
const usualValidityMs = 7 * dayMs;

/** Of several breaches the first in this order gives the finding its reason; the others are told in its message. */
const precedence: readonly Reason[] = [
  'secret_missing',
  'secret_destroyed',
  'secret_disabled',
  'secret_corrupt',
  'secret_empty',
  'secret_malformed',
  'secret_denied',
  'secret_expiring',
  'secret_stale',
  'api_denied',
  'api_unavailable',
];
const worstFirst: readonly Breach['outcome'][] = ['failure', 'unknown', 'degraded'];

/** What is said of one secret, and its facts; days have two decimals, an age five: whether it was made before something else goes by seconds. */
export interface Verdict {
  readonly finding: Finding;
  /** The version that the first rule means. */
  readonly version?: string;
  /** Of several versions the oldest one's. */
  readonly ageDays?: number;
  /** Until the first of its ends: of the secret, of the version, of a certificate in it. */
  readonly daysUntilExpiry?: number;
}

/** A time at which the value stops being of use, and how to say so before and after. */
interface End {
  readonly ahead: string;
  readonly past: string;
  readonly at: number;
}

/** @param now milliseconds since 1970. */
export function judge(answer: SecretAnswer, now: number, forbiddenHosts: readonly string[]): Verdict {
  const { secret, rules, versions, durationMs } = answer;
  const ends = rules.map((rule) => endsOf(answer, rule));
  const broken = [
    ...accessBreaches(answer),
    ...rules.flatMap((rule, index) => [
      ...valueBreaches(payloadOf(answer, rule), rule, forbiddenHosts, now),
      ...(ends[index] ?? []).flatMap((end) => expiryBreaches(end, rule, now)),
      ...ageBreaches(metadataOf(answer, rule), rule, now),
    ]),
    ...readerBreaches(
      rules.flatMap(({ readableBy }) => readableBy ?? []),
      answer.policies,
    ),
    ...rotationBreaches(answer, now),
  ];
  const breaches = [...new Map(broken.map((each) => [each.message, each])).values()].toSorted(
    (a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome) || precedence.indexOf(a.reason) - precedence.indexOf(b.reason),
  );
  const [worst] = breaches;
  const created = versions.flatMap(({ metadata }) => (metadata instanceof Fault ? [] : (metadata.createdAt ?? [])));
  const endTimes = ends.flat().map(({ at }) => at);
  return {
    finding: {
      subject: secret,
      outcome: worst?.outcome ?? 'success',
      reason: worst?.reason ?? null,
      message: worst ? `secret ${secret}: ${breaches.map(({ message }) => message).join('; also: ')}` : 'ok',
      durationMs,
    },
    version: numberOf(versions[0]),
    ageDays: created.length > 0 ? days(now - Math.min(...created), 5) : undefined,
    daysUntilExpiry: endTimes.length > 0 ? days(Math.min(...endTimes) - now) : undefined,
  };
}

/** @returns the facts of all secrets, each under the secret's name; absent where nothing is known. */
export function factsOf(verdicts: readonly Verdict[]): Observed {
  const group = (name: string, factOf: (verdict: Verdict) => string | number | undefined): Observed => {
    const known = verdicts.flatMap((verdict) => {
      const fact = factOf(verdict);
      return fact === undefined ? [] : [[verdict.finding.subject, fact] as const];
    });
    return known.length > 0 ? { [name]: Object.fromEntries(known) } : {};
  };
  return {
    ...group('secret.versions', ({ version }) => version),
    ...group('secret.ageDays', ({ ageDays }) => ageDays),
    ...group('secret.daysUntilExpiry', ({ daysUntilExpiry }) => daysUntilExpiry),
  };
}

const days = (milliseconds: number, decimals = 2): number => Number((milliseconds / dayMs).toFixed(decimals));

function answerOf({ versions }: SecretAnswer, { version }: Requirement): VersionAnswer | undefined {
  return versions.find(({ asked }) => asked === version);
}

function metadataOf(answer: SecretAnswer, rule: Requirement): VersionMetadata | undefined {
  const metadata = answerOf(answer, rule)?.metadata;
  return metadata instanceof Fault ? undefined : metadata;
}

/** @returns the value as it came; a corrupt one is none. */
function payloadOf(answer: SecretAnswer, rule: Requirement): Uint8Array | undefined {
  const payload = answerOf(answer, rule)?.payload;
  return payload === undefined || payload instanceof Fault || !payload.intact ? undefined : payload.data;
}

function numberOf(answer: VersionAnswer | undefined): string | undefined {
  const known = [answer?.metadata, answer?.payload].find((each) => each !== undefined && !(each instanceof Fault));
  return known && 'version' in known ? known.version : undefined;
}

function endsOf(answer: SecretAnswer, rule: Requirement): readonly End[] {
  const version = metadataOf(answer, rule);
  const data = payloadOf(answer, rule);
  const certificates = data && rule.format === 'pem-certificate' ? certificatesIn(Buffer.from(data).toString('utf8')) : undefined;
  const deletedAt = answer.metadata instanceof Fault ? undefined : answer.metadata.expiresAt;
  const destroyed = `version ${version?.version}`;
  const known = [
    { ahead: 'Secret Manager deletes the secret', past: 'Secret Manager was to delete the secret', at: deletedAt },
    { ahead: `Secret Manager destroys ${destroyed}`, past: `Secret Manager was to destroy ${destroyed}`, at: version?.scheduledDestroyAt },
    { ahead: 'its certificate expires', past: 'its certificate expired', at: certificates?.notAfter },
  ];
  return known.flatMap(({ at, ...said }) => (at === undefined ? [] : [{ ...said, at }]));
}

function expiryBreaches({ ahead, past, at }: End, { minValidity = usualValidityMs }: Requirement, now: number): readonly Breach[] {
  if (at - now >= minValidity) return [];
  const when = at < now ? `${past} ${days(now - at)} d ago` : `${ahead} in ${days(at - now)} d`;
  return [breach('secret_expiring', `${when}, at least ${formatDuration(minValidity)} ahead asked for`)];
}

function ageBreaches(version: VersionMetadata | undefined, { maxAge }: Requirement, now: number): readonly Breach[] {
  if (version?.createdAt === undefined || maxAge === undefined || now - version.createdAt <= maxAge) return [];
  return [
    breach(
      'secret_stale',
      `version ${version.version} is ${days(now - version.createdAt)} d old, at most ${formatDuration(maxAge)} allowed`,
    ),
  ];
}

/** Secret Manager only reminds of a rotation; a version that was made since then is the rotation. */
function rotationBreaches({ metadata, versions }: SecretAnswer, now: number): readonly Breach[] {
  const due = metadata instanceof Fault ? undefined : metadata.nextRotationAt;
  if (due === undefined || due >= now) return [];
  const isRotated = versions.some(({ metadata: version }) => !(version instanceof Fault) && (version.createdAt ?? -Infinity) >= due);
  return isRotated ? [] : [{ ...breach('secret_stale', `its rotation was due ${days(now - due)} d ago`), outcome: 'degraded' }];
}
