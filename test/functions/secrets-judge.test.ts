/** What is said of a secret at the very limit of its rules: ages, ends, rotations, states, and what was refused to us. */
import type { SecretAnswer, VersionAnswer } from '../../functions/secrets/ask';
import { judge, type Verdict } from '../../functions/secrets/judge';
import { requirement, type Requirement } from '../../functions/secrets/requirement';
import type { SecretMetadata, VersionMetadata } from '../../shared/cloud/cloud';
import { Fault } from '../../shared/fault';

const now = Date.UTC(2026, 0, 31);
const day = 86_400_000;
const rule = (more: Readonly<Record<string, unknown>> = {}): Requirement => requirement.parse({ secret: 'jwt', ...more });

function judged(
  rules: readonly Requirement[],
  versions: readonly Partial<VersionAnswer>[] = [{}],
  metadata: Partial<SecretMetadata> | Fault = {},
): Verdict {
  const version: VersionMetadata = { version: '3', state: 'ENABLED', createdAt: now - 10 * day };
  const answer: SecretAnswer = {
    secret: 'jwt',
    rules,
    metadata: metadata instanceof Fault ? metadata : { name: 'jwt', ...metadata },
    versions: versions.map((each) => ({ asked: 'latest', metadata: version, ...each })),
    policies: [],
    durationMs: 5,
  };
  return judge(answer, now, []);
}
const of = (more: Partial<VersionMetadata>): Partial<VersionAnswer> => ({
  metadata: { version: '3', state: 'ENABLED', createdAt: now - 10 * day, ...more },
});
const said = ({ finding: { outcome, reason, message } }: Verdict): readonly unknown[] => [outcome, reason, message];
const well = ['success', null, 'ok'];

describe('the age of a version', () => {
  test('may be as high as maxAge, and no higher', () => {
    expect(said(judged([rule({ maxAge: '10d' })]))).toEqual(well);
    expect(said(judged([rule({ maxAge: '10d' })], [of({ createdAt: now - 10 * day - 1 })]))).toEqual([
      'failure',
      'secret_stale',
      'secret jwt: version 3 is 10 d old, at most 10d allowed',
    ]);
  });

  test('says nothing where it is not known, or no rule asks for it', () => {
    expect(said(judged([rule({ maxAge: '1d' })], [of({ createdAt: undefined })]))).toEqual(well);
    expect(said(judged([rule()], [of({ createdAt: 0 })]))).toEqual(well);
  });

  test('is the oldest one of several versions, to the second', () => {
    const versions = [of({ createdAt: now - 1000 }), { asked: '2', ...of({ version: '2', createdAt: now - 2 * day }) }];
    expect(judged([rule(), rule({ version: 2 })], versions)).toMatchObject({ ageDays: 2, version: '3' });
    expect(judged([rule()], [of({ createdAt: now - 8640 })]).ageDays).toBe(0.0001);
    expect(judged([rule()], [of({ createdAt: undefined })]).ageDays).toBeUndefined();
  });
});

describe('the end of a secret', () => {
  test('has to be as far ahead as minValidity, 7 days where nothing else is said', () => {
    expect(said(judged([rule()], [{}], { expiresAt: now + 7 * day }))).toEqual(well);
    expect(said(judged([rule()], [{}], { expiresAt: now + 7 * day - 1 }))).toEqual([
      'failure',
      'secret_expiring',
      'secret jwt: Secret Manager deletes the secret in 7 d, at least 7d ahead asked for',
    ]);
    expect(said(judged([rule({ minValidity: '30d' })], [{}], { expiresAt: now + 29.5 * day }))[2]).toBe(
      'secret jwt: Secret Manager deletes the secret in 29.5 d, at least 30d ahead asked for',
    );
    expect(said(judged([rule({ minValidity: '1d' })], [{}], { expiresAt: now + 2 * day }))).toEqual(well);
  });

  test('is told as past once it is', () => {
    expect(said(judged([rule()], [{}], { expiresAt: now }))[2]).toContain('Secret Manager deletes the secret in 0 d');
    expect(said(judged([rule()], [{}], { expiresAt: now - 2 * day }))[2]).toContain('Secret Manager was to delete the secret 2 d ago');
    expect(said(judged([rule()], [of({ scheduledDestroyAt: now + day })]))[2]).toContain('Secret Manager destroys version 3 in 1 d');
    expect(said(judged([rule()], [of({ scheduledDestroyAt: now - day })]))[2]).toContain('Secret Manager was to destroy version 3 1 d ago');
  });

  test('counts as days until the first of several', () => {
    expect(judged([rule()], [of({ scheduledDestroyAt: now + 20 * day })], { expiresAt: now + 90 * day }).daysUntilExpiry).toBe(20);
    expect(judged([rule()]).daysUntilExpiry).toBeUndefined();
  });
});

describe('a rotation', () => {
  test('that is not due yet asks for nothing', () => {
    expect(said(judged([rule()], [{}], { nextRotationAt: now + day }))).toEqual(well);
    expect(said(judged([rule()], [{}], { nextRotationAt: now }))).toEqual(well);
  });

  test('that was due is done by any version made since', () => {
    const versions = [of({ createdAt: now - 10 * day }), { asked: '2', ...of({ version: '2', createdAt: now - 5 * day }) }];
    expect(said(judged([rule(), rule({ version: 2 })], versions, { nextRotationAt: now - 5 * day }))).toEqual(well);
    expect(said(judged([rule()], [of({ createdAt: now - 4 * day })], { nextRotationAt: now - 5 * day }))).toEqual(well);
  });

  test('that was due and is not done is a warning: Secret Manager only reminds of it', () => {
    const late = ['degraded', 'secret_stale', 'secret jwt: its rotation was due 5 d ago'];
    expect(said(judged([rule()], [{}], { nextRotationAt: now - 5 * day }))).toEqual(late);
    expect(said(judged([rule()], [of({ createdAt: undefined })], { nextRotationAt: now - 5 * day }))).toEqual(late);
  });
});

describe('a version', () => {
  const payload = { version: '3', data: Buffer.from('a good value'), intact: true };

  test('whose state nobody tells is unknown, and not down', () => {
    expect(said(judged([rule()], [of({ state: 'STATE_UNSPECIFIED' })]))).toEqual([
      'unknown',
      'api_unavailable',
      'secret jwt: Secret Manager does not tell the state of version 3',
    ]);
  });

  test.each([
    ['secret_missing', 'the secret or its version is missing'],
    ['secret_disabled', 'version latest is DISABLED'],
    ['secret_destroyed', 'version latest is DESTROYED'],
  ] as const)('that can not be looked at tells its state when it is read: %s', (reason, message) => {
    const versions = [{ metadata: new Fault('api_denied', 'no'), payload: new Fault(reason, 'no') }];
    const { finding } = judged([rule()], versions, new Fault('api_denied', 'no'));
    expect(finding).toMatchObject({ outcome: 'failure', reason });
    expect(finding.message).toContain(message);
  });

  test('that is missing, where the secret itself may not be looked at, is told as either', () => {
    const { finding } = judged(
      [rule()],
      [{ metadata: new Fault('secret_missing', 'no') }],
      new Fault('api_denied', "Permission 'x.get' denied"),
    );
    expect(finding).toMatchObject({ reason: 'secret_missing' });
    expect(finding.message).toContain('the secret or its version is missing');
  });

  test('whose value we may not read exists all the same', () => {
    const { finding } = judged([rule()], [{ payload: new Fault('api_denied', 'refused without a word') }]);
    expect(finding).toMatchObject({ outcome: 'unknown', reason: 'api_denied' });
    expect(finding.message).toMatch(/it exists, but the monitor.*was refused.*refused without a word/);
  });

  test('of which some breach the rules has the worst reason, and tells them all', () => {
    const { finding } = judged([rule({ minLength: 99, maxAge: '1d' })], [{ payload }], { expiresAt: now + day });
    expect(finding).toMatchObject({ outcome: 'failure', reason: 'secret_malformed' });
    expect(finding.message.split('; also: ')).toHaveLength(3);
  });
});

describe('of several breaches the worst names the finding', () => {
  const value = (text: string): Partial<VersionAnswer> => ({ payload: { version: '3', data: Buffer.from(text), intact: true } });
  /** A version that breaches in each way, the worst first. */
  const inOrder: readonly (readonly [reason: string, answer: Partial<VersionAnswer>, rule?: Readonly<Record<string, unknown>>])[] = [
    ['secret_missing', { metadata: new Fault('secret_missing', 'no') }],
    ['secret_destroyed', of({ state: 'DESTROYED' })],
    ['secret_disabled', of({ state: 'DISABLED' })],
    ['secret_corrupt', { payload: { version: '3', data: Buffer.from('x'), intact: false } }],
    ['secret_empty', value('')],
    ['secret_malformed', value('short'), { minLength: 9 }],
    ['secret_expiring', of({ scheduledDestroyAt: now + day })],
    ['secret_stale', of({ createdAt: now - 9 * day }), { maxAge: '1d' }],
    ['api_denied', { payload: new Fault('api_denied', 'refused') }],
    ['api_unavailable', of({ state: 'STATE_UNSPECIFIED' })],
  ];
  const pairs = inOrder.flatMap((worse, at) => inOrder.slice(at + 1).map((better) => [worse[0], better[0], worse, better] as const));

  test.each(pairs)('%s before %s', (reason, _, [, worse, ofWorse], [, better, ofBetter]) => {
    const rules = [rule({ version: 2, ...ofBetter }), rule({ version: 1, ...ofWorse })];
    const { finding } = judged(rules, [
      { ...better, asked: '2' },
      { ...worse, asked: '1' },
    ]);
    expect(finding.reason).toBe(reason);
    expect(finding.outcome).toBe(reason.startsWith('secret_') ? 'failure' : 'unknown');
    expect(finding.message).toMatch(/^secret jwt: .+; also: /);
  });
});

describe('a value', () => {
  const told = (data: string | Uint8Array, more: Readonly<Record<string, unknown>> = {}): unknown =>
    said(judged([rule(more)], [{ payload: { version: '3', data: Buffer.from(data), intact: true } }]))[2];

  test.each([
    ['good\n', 'the value ends in a line break'],
    ['good\r', 'the value ends in a line break'],
    [' go\nod', 'the value begins or ends with white space'],
    ['good\t', 'the value begins or ends with white space'],
    ['go od\u200B', 'the value begins or ends with a character that nobody sees'],
    ['\u200Bgo od', 'the value begins or ends with a character that nobody sees'],
    ['\uFEFFgood', 'the value begins or ends with a character that nobody sees'],
    ['\uFEFF good', 'the value begins or ends with white space'],
    ['good\u00A0', 'the value begins or ends with white space'],
  ])('%j: %s', (text, problem) => expect(told(text)).toBe(`secret jwt: ${problem}`));

  test.each([
    ['format', { format: 'json' }],
    ['minLength', { minLength: 1 }],
    ['maxLength', { maxLength: 99 }],
    ['matches', { matches: '.' }],
    ['notMatches', { notMatches: 'x' }],
  ])('that is no text can not keep %s', (key, more) => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x41);
    expect(told(bytes, more)).toBe(`secret jwt: the value is no text in UTF-8, which ${key} needs`);
    expect(told(bytes)).toBe('ok');
  });
});
