/** The forms of the report: what they tell, and that nothing from outside gets out of its place. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import type { Result } from '../../../shared/result';
import { callerBehind } from '../../../shared/verify/callers';
import { written, type Format } from '../../../shared/verify/report/format';
import { latencyPlot, outcomeStrip } from '../../../shared/verify/report/plots';
import { verify, type Verified } from '../../../shared/verify/verify';
import { loaded, ownFolder } from '../../config/written';
import { answeringFunctions, report, result } from '../../support/answering-functions';

const folder = ownFolder();
const body = `
secrets: { app: { require: [{ secret: one }, { secret: two }] } }
redis: { cache: { host: 10.0.0.1 }, queue: { host: 10.0.0.1 } }
platform:
  vpc: { vpcConnector: { name: staging-connector } }
  database: { cloudSql: { instance: staging-db } }
verify: { rounds: 2, interval: 0s, categories: { "da|ta <b>": { targets: [cache], critical: true } } }
`;
let config: Config;
beforeAll(() => {
  config = loaded(folder, body);
});

const finding = (subject: string, message: string, outcome: Result['outcome'] = 'success') => ({
  subject,
  outcome,
  reason: null,
  message,
  durationMs: null,
});

function resultsOf(kind: string): Result[] {
  if (kind === 'secrets') return [result(kind, 'app', 'success', { findings: [finding('one', 'ok'), finding('two', 'ok')] })];
  if (kind === 'redis') return [result(kind, 'cache', 'success', { observed: { 'tls.daysUntilExpiry': 59.9 } }), result(kind, 'queue')];
  return [
    result(kind, 'vpc', 'success', { findings: [finding('state', 'state is READY')] }),
    result(kind, 'database', 'success', { findings: [finding('state', 'state is RUNNABLE')] }),
  ];
}

/** @param change of the result of `cache` */
async function verified(change?: Partial<Result>): Promise<Verified> {
  const functions = await answeringFunctions((kind) => ({
    document: report(
      kind,
      resultsOf(kind).map((each) => (each.target === 'cache' && change ? result(kind, 'cache', 'failure', change) : each)),
      { configHash: config.hash },
    ),
  }));
  try {
    return await verify({}, { config, slices: new Map(), kinds, caller: callerBehind(functions.url), budgetMs: 30_000 });
  } finally {
    await functions.close();
  }
}

const nasty =
  '<script>alert(1)</script> | `x` ``y`` [a](javascript:b) **bold** @team #12 GH-12 team/repo#12 https://evil.example www.evil.example\n# heading\u0007 &amp; "quoted" \'single\'';

test('text ends in the verdict and the lines that scripts look for', async () => {
  const good = written(await verified(), 'text', '#1278')
    .text.trimEnd()
    .split('\n');
  expect(good[0]).toBe('Verification of staging for #1278');
  expect(good.slice(-3)).toEqual(['Verdict: SIGNED OFF', 'Overall Status: HEALTHY', 'Critical Failures: 0']);
  const bad = written(await verified({}), 'text').text;
  expect(bad).toMatch(/^redis +cache +failed 1 of 1 /m);
  expect(bad).toMatch(/^Because critical target cache failed in 1 of 1 rounds$/m);
  expect(bad.trimEnd().split('\n').slice(-3)).toEqual(['Verdict: NOT SIGNED OFF', 'Overall Status: UNHEALTHY', 'Critical Failures: 1']);
  expect(bad).toContain('Ended early: nothing that may still come can change the verdict');
});

test('when all is well, the declaration says so of the control plane and the secrets', async () => {
  const text = written(await verified(), 'markdown', '#1278').text;
  expect(text).toMatch(
    /^# SIGNED OFF: verification of staging for #1278\n\n\*\*Overall Status: HEALTHY\*\* {2}\n\*\*Critical Failures: 0\*\*/,
  );
  expect(text).toContain(
    '## Declaration\n\n- [x] VPC connector staging-connector: **READY**\n- [x] Cloud SQL staging-db: **RUNNABLE**\n- [x] Certificate that 1 target sees: **expires in 59 d**\n- [x] Secrets app: **2/2**\n',
  );
  expect(text).not.toContain('**Problem.**');
});

test('else there is one follow-up issue a cause, with all of its parts, and no declaration', async () => {
  const text = written(await verified({ message: 'connect ECONNREFUSED' }), 'markdown').text;
  expect(text.match(/^### /gm)).toHaveLength(1);
  const parts = ['Problem', 'Current state', 'Expected state', 'Acceptance', 'Impact', 'Dependencies'];
  expect([...text.matchAll(/^\*\*([A-Z][a-z ]+)\.\*\*/gm)].map(([, part]) => part)).toEqual(parts);
  expect(text).toContain('- `cache` failed 1 of 1 rounds in connect: `connect ECONNREFUSED`');
  expect(text).toContain('- [ ] `cache` passes every one of 2 rounds');
  expect(text).not.toContain('## Declaration');
});

describe('a target whose function was reached in one round of two', () => {
  const healthy = 'pong, as ever';

  test.each<[Format, string]>([
    ['text', 'no result in round 2'],
    ['markdown', 'the function redis gave no whole answer in round 2'],
    ['html', 'no result in round 2'],
  ])('is not shown with the message of the healthy round, as %s', async (format, why) => {
    let calls = 0;
    const functions = await answeringFunctions((kind) => {
      if (kind === 'redis') calls += 1;
      const results = resultsOf(kind).map((each) => ({ ...each, message: healthy }));
      return kind === 'redis' && calls === 2 ? { status: 502 } : { document: report(kind, results, { configHash: config.hash }) };
    });
    const found = await verify({}, { config, slices: new Map(), kinds, caller: callerBehind(functions.url), budgetMs: 30_000 });
    await functions.close();
    const { text } = written(found, format);
    expect(text).toContain('unknown 1 of 2');
    expect(text).not.toContain(healthy);
    expect(text).toContain(why);
  });
});

test('a declaration says what is not as it should be, as text by a mark of its own', async () => {
  const warnings = [finding('minCertificateValidity', 'the certificate expires in 12.3 d, expected at least 21d', 'degraded')];
  const expiring = warnings.map((each) => ({ ...each, reason: 'certificate_expiring' as const }));
  const found = await verified({ outcome: 'degraded', reason: 'certificate_expiring', domain: 'certificate', warnings: expiring });
  expect(found.answer.verdict).toBe('signed_off');
  const line = 'Certificate that cache sees: expires in 12.3 d, expected at least 21d';
  const text = written(found, 'text').text;
  expect(text).toContain(`\n  ok   VPC connector staging-connector: READY\n`);
  expect(text).toContain(`\n  WARN ${line}\n`);
  expect(written(found, 'markdown').text).toContain(`- [ ] ${line.replace('sees: ', 'sees: **')}**\n`);
  expect(written(found, 'html').text).toContain('<span class="sign degraded">!</span> Certificate that cache sees');
});

test('JSON is the answer alone', async () => {
  const found = await verified();
  expect(JSON.parse(written(found, 'json', '#1').text)).toEqual(JSON.parse(JSON.stringify(found.answer)));
});

test.each<Format>(['markdown', 'html', 'text'])('%s is cut: a message of a megabyte does not make it long', async (format) => {
  const text = written(await verified({ message: 'x'.repeat(1_000_000) }), format, 'y'.repeat(100_000)).text;
  expect(text.length).toBeLessThan(format === 'text' ? 110_000 : 20_000);
});

test('Markdown fits into an issue however much is wrong', async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `target-${index}`);
  const many = loaded(folder, `redis: { ${names.map((name) => `${name}: { host: 10.0.0.1 }`).join(', ')} }`);
  const functions = await answeringFunctions(() => ({ status: 502, text: 'x'.repeat(5000) }));
  const found = await verify(
    { rounds: 1 },
    { config: many, slices: new Map(), kinds, caller: callerBehind(functions.url), budgetMs: 30_000 },
  );
  await functions.close();
  expect(written(found, 'markdown').text.length).toBeLessThan(65_536);
  expect(/^…and \d+ more$/m.test(written(found, 'text').text)).toBe(true);
});

describe('HTML', () => {
  test('holds nothing that runs or loads, whatever messages, names and issue say', async () => {
    const text = written(await verified({ message: nasty }), 'html', `"><img src=x onerror=alert(1)>${nasty}`).text;
    expect(text).not.toMatch(/<(?:script|img|a|link|iframe|object|base|form)\b/i);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('da|ta &lt;b&gt;');
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    for (const [tag] of text.matchAll(/<[^>]*>/g)) expect(tag).not.toMatch(/\s(?:src|href|on\w+|style)=/i);
    expect(text).not.toMatch(/url\(|@import/);
  });

  test('opens and closes every element in turn', async () => {
    const text = written(await verified({ message: nasty }), 'html', nasty).text.replace(/<style>[^]*?<\/style>/, '');
    const tags = [...text.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)].filter(
      ([, , name = '', closed]) => !['meta', 'br'].includes(name) && closed !== '/',
    );
    const open: string[] = [];
    const wrong = tags.filter(([, slash, name = '']) => (slash === '' ? open.push(name) === 0 : open.pop() !== name));
    expect(wrong).toEqual([]);
    expect(open).toEqual([]);
  });

  test('shows as code what a hint writes as code, and nothing else', async () => {
    const hint = 'look at `tls.ca`, not <b>; `x` is `<i>`. a`b`c `';
    const text = written(await verified({ message: 'no', hint }), 'html').text;
    expect(text).toContain('look at <code>tls.ca</code>, not &lt;b&gt;; <code>x</code> is <code>&lt;i&gt;</code>. a`b`c `');
  });

  test('is dark for those who have it so', async () => {
    const text = written(await verified(), 'html').text;
    expect(text).toContain('@media (prefers-color-scheme: dark)');
    expect(text).toContain('<svg ');
  });
});

describe('Markdown', () => {
  test('keeps texts from outside in their places, and the reference to the issue alive', async () => {
    const text = written(await verified({ message: nasty }), 'markdown', 'the *outage* of <b>May</b> | #1278').text;
    expect(text).toMatch(/^# NOT SIGNED OFF: .* #1278\n/);
    expect(text).not.toMatch(/^# heading/m);
    expect(text.match(/^# /gm)).toHaveLength(1);
    for (const line of text.split('\n').filter((each) => each.startsWith('| '))) {
      const cells = line.replaceAll(/\\\|/g, '').split('|').length;
      expect([6, 8]).toContain(cells);
    }
    // Outside of code spans nothing is left that Markdown or HTML would take for its own.
    const outside = text.replaceAll(/(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '').replaceAll(/\\[!-/:-@[-`{-~]/g, '');
    expect(outside).not.toMatch(/<script|\]\(|\*\*bold|@team|#12\b|GH-12|evil/);
  });
});

test('plots show gaps, and stay small over a hundred rounds', () => {
  expect(outcomeStrip(['success', 'failure']).match(/<rect/g)).toHaveLength(2);
  expect(latencyPlot([10])).toBe('');
  expect(latencyPlot([10, null, 12, 14]).match(/<polyline/g)).toHaveLength(1);
  expect(latencyPlot([0, 0])).not.toContain('NaN');
  const many = Array.from({ length: 100 }, (_, index) => index);
  expect(latencyPlot(many)).toContain('width="160"');
  expect(outcomeStrip(many.map(() => 'success'))).toContain('width="160"');
});
