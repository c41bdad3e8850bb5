/** The lines that close an incident: each tells what was seen, and nothing else. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import type { Finding, Outcome, Result } from '../../../shared/result';
import { declarationOf, type Declared } from '../../../shared/verify/declaration';
import { talliesOf } from '../../../shared/verify/tally';
import { loaded, ownFolder } from '../../config/written';
import { report, result } from '../../support/answering-functions';

const folder = ownFolder();
const load = (body: string): Config => loaded(folder, body);

const finding = (subject: string, message: string, outcome: Outcome = 'success', reason: Finding['reason'] = null): Finding => ({
  subject,
  outcome,
  reason,
  message,
  durationMs: null,
});

/** @param rounds the results of each round; where a target has none its function was not reached. */
function declared(config: Config, ...rounds: readonly (readonly Result[])[]): readonly string[] {
  const done = rounds.map((results) => ({
    calls: kinds.map(({ name: kind }) => ({
      call: { kind, targets: [], body: '', limitMs: 1 },
      outcome: report(
        kind,
        results.filter((each) => each.kind === kind),
      ) as never,
      durationMs: 1,
    })),
    durationMs: 1,
    whole: true,
  }));
  return declarationOf(config.targets, kinds, talliesOf(config.targets, config, done)).map(lineOf);
}

const lineOf = ({ subject, state, mark }: Declared): string => `${mark} | ${subject}: ${state}`;

const expiring = 'the certificate expires in 12.3 d, expected at least 21d';

describe('a resource', () => {
  const config = (): Config => load('platform: { vpc: { vpcConnector: { name: staging-connector }, severity: error } }');
  const subject = 'VPC connector staging-connector';
  const ready = result('platform', 'vpc', 'success', { findings: [finding('state', 'state is READY')] });
  const failed = result('platform', 'vpc', 'failure', { message: 'state is ERROR, expected READY' });
  const unknown = result('platform', 'vpc', 'unknown', { message: 'vpcaccess.connectors.get is refused' });

  test.each<[string, readonly (readonly Result[])[], string]>([
    ['ready', [[ready], [ready]], `ok | ${subject}: READY`],
    ['without a state', [[{ ...ready, findings: [] }]], `ok | ${subject}: passed`],
    ['failing', [[failed], [failed]], `failed | ${subject}: state is ERROR, expected READY`],
    ['flapping', [[failed], [ready]], `failed | ${subject}: state is ERROR, expected READY in 1 of 2 rounds`],
    ['refused to us', [[unknown], [unknown]], `unchecked | ${subject}: not checked: vpcaccess.connectors.get is refused`],
    ['told in one round of two', [[ready], []], `unchecked | ${subject}: READY, but not checked in 1 of 2 rounds`],
    ['never told', [[], []], `unchecked | ${subject}: not checked`],
  ])('that is %s', (_, rounds, line) => expect(declared(config(), ...rounds)).toEqual([line]));

  test('that was not asked for was not checked', () => {
    const { targets, verify } = config();
    expect(declarationOf(targets, kinds, talliesOf([], { targets, verify }, [])).map(lineOf)).toEqual([
      `unchecked | ${subject}: not checked`,
    ]);
  });
});

describe('a certificate of the load balancer', () => {
  const config = (): Config =>
    load('platform: { cert: { certificate: { name: staging-certificate, minValidity: 14d }, warn: { minCertificateValidity: 21d } } }');
  const findings = [
    finding('expireTime', 'the certificate expires in 12.3 d, on 2026-03-01T00:00:00.000Z'),
    finding('state', 'state is ACTIVE'),
  ];

  test('says its state and its end', () => {
    const line = 'ok | Certificate staging-certificate: ACTIVE, expires in 12.3 d, on 2026-03-01T00:00:00.000Z';
    expect(declared(config(), [result('platform', 'cert', 'success', { findings })])).toEqual([line]);
  });

  test('that works, but not for long, says so', () => {
    const warnings = [finding('minCertificateValidity', expiring, 'degraded', 'certificate_expiring')];
    const seen = result('platform', 'cert', 'degraded', { findings, warnings, message: expiring });
    expect(declared(config(), [seen])).toEqual([
      'degraded | Certificate staging-certificate: ACTIVE, degraded: expires in 12.3 d, expected at least 21d',
    ]);
  });
});

describe('certificates that targets see', () => {
  const config = (): Config =>
    load(`
tcp: { a: { host: a.example, port: 443, tls: {} }, b: { host: b.example, port: 443, tls: {} }, plain: { host: c.example, port: 25 } }
http: { c: { url: 'https://c.example' }, d: { url: 'https://d.example', tls: { mode: require } } }`);
  const seen = (kind: string, name: string, days: number, outcome: Outcome = 'success', more: Partial<Result> = {}): Result =>
    result(kind, name, outcome, { observed: { 'tls.daysUntilExpiry': days }, ...more });
  const good = [seen('tcp', 'a', 59.9), seen('tcp', 'b', 80), seen('http', 'c', 70), result('tcp', 'plain')];
  const required = 'unchecked | Certificate that d sees: expires in 300 d, not checked further: its tls mode is require';

  test('are one line where all is well; what is not verified is not called so', () => {
    expect(declared(config(), [...good, seen('http', 'd', 300)])).toEqual([
      'ok | Certificates that 3 targets see: the first expires in 59 d',
      required,
    ]);
  });

  test('of which one expires soon, two are bad, and one was not reached', () => {
    const warnings = [finding('minCertificateValidity', expiring, 'degraded', 'certificate_expiring')];
    const bad = { reason: 'certificate_expired', domain: 'certificate', message: 'the certificate CN=b expired on May 1' } as const;
    expect(
      declared(config(), [
        seen('tcp', 'a', 12.3, 'degraded', { warnings }),
        seen('tcp', 'b', -3.2, 'failure', bad),
        seen('http', 'c', -3.2, 'failure', bad),
        result('http', 'd', 'failure'),
      ]),
    ).toEqual([
      'failed | Certificates that c, b see: the certificate CN=b expired on May 1',
      'unchecked | Certificate that d sees: not checked',
      'degraded | Certificate that a sees: expires in 12.3 d, expected at least 21d',
    ]);
  });

  test('are not forgotten where only the first round found them bad', () => {
    const bad = { reason: 'certificate_untrusted', domain: 'certificate', message: 'the certificate is not trusted' } as const;
    const round = [...good, seen('http', 'd', 300)];
    const first = round.map((each) => (each.target === 'a' ? seen('tcp', 'a', 59.9, 'failure', bad) : each));
    expect(declared(config(), first, round)).toEqual([
      'ok | Certificates that 2 targets see: the first expires in 70 d',
      required,
      'failed | Certificate that a sees: the certificate is not trusted',
    ]);
  });
});

describe('secrets', () => {
  const config = (): Config => load('secrets: { app: { require: [{ secret: one }, { secret: two }], severity: error } }');
  const seen = (outcome: Outcome, ...findings: Finding[]): readonly Result[] => [
    result('secrets', 'app', outcome, { findings, message: 'm' }),
  ];
  const one = finding('one', 'ok');

  test.each<[string, readonly Result[], string]>([
    ['all well', seen('success', one, finding('two', 'ok')), 'ok | Secrets app: 2/2'],
    [
      'one expires',
      seen('degraded', one, finding('two', 'secret two: its certificate expires in 3 d', 'degraded', 'secret_expiring')),
      'degraded | Secrets app: 2/2; secret two: its certificate expires in 3 d',
    ],
    [
      'one is empty',
      seen('failure', one, finding('two', 'secret two: version 3 is empty', 'failure', 'secret_empty')),
      'failed | Secrets app: 1/2; secret two: version 3 is empty',
    ],
    [
      'one is refused to us',
      seen('unknown', one, finding('two', 'secret two: refused', 'unknown', 'api_denied')),
      'unchecked | Secrets app: not checked: m',
    ],
    ['nothing was asked', [], 'unchecked | Secrets app: not checked'],
  ])('%s', (_, results, line) => expect(declared(config(), results)).toEqual([line]));
});
