import { isPrivateHost } from '../../../deploy/monitoring/private-hosts';
import { checkRegions, publicChecks, uptimeHosts } from '../../../deploy/monitoring/uptime-checks';
import { contextOfText } from './contexts';

const checksOf = (body: string): ReturnType<typeof publicChecks> => publicChecks(contextOfText(body));

test('only what is marked public is checked', () => {
  expect(checksOf('http: { a: { url: https://a.example.com } }\n')).toEqual({ checks: [], notes: [] });
});

test('an HTTP target is asked as it stands, from three places outside its region', () => {
  const { checks, notes } = checksOf(
    "http: { a: { url: 'https://a.example.com:8443/health?x=1', public: true, headers: { accept: text/plain }, expect: { status: [200, 3xx] } } }\n",
  );
  expect(notes).toEqual([]);
  expect(checks).toEqual([
    {
      displayName: 'synthetics-staging-a',
      userLabels: { 'managed-by': 'vpc-synthetics', 'synthetics-environment': 'staging', kind: 'http', target: 'a' },
      check: {
        monitoredResource: { type: 'uptime_url', labels: { project_id: 'my-project', host: 'a.example.com' } },
        httpCheck: {
          requestMethod: 'GET',
          useSsl: true,
          validateSsl: true,
          path: '/health?x=1',
          port: 8443,
          headers: { accept: 'text/plain' },
          acceptedResponseStatusCodes: [{ statusValue: 200 }, { statusClass: 'STATUS_CLASS_3XX' }],
        },
        period: '300s',
        timeout: '10s',
        selectedRegions: ['USA_OREGON', 'EUROPE', 'ASIA_PACIFIC'],
      },
    },
  ]);
});

test('a TCP target is connected to', () => {
  const { checks } = checksOf('tcp: { a: { host: a.example.com, port: 443, public: true } }\n');
  expect(checks[0]?.check).toMatchObject({ tcpCheck: { port: 443 } });
});

describe('what holds a secret never gets into a check', () => {
  test.each([
    ['a secret header', "headers: { authorization: 'Bearer ${secret:token}' }", /only sees whether it answers: its headers hold secrets/],
    ['a method that changes something', 'json: { a: 1 }', /only sees whether it answers: it is asked by POST/],
  ])('%s: it is asked for any answer', (_, fields, note) => {
    const { checks, notes } = checksOf(`http: { a: { url: https://a.example.com/x, public: true, ${fields} } }\n`);
    expect(notes).toEqual([expect.stringMatching(note)]);
    expect(checks[0]?.check).toMatchObject({ httpCheck: { acceptedResponseStatusCodes: [{ statusClass: 'STATUS_CLASS_ANY' }] } });
    expect(JSON.stringify(checks)).not.toContain('token');
  });

  test.each([
    ['a template in its URL', "url: 'https://a.example.com/${secret:path}'", /its URL holds a secret/],
    ['a secret URL', 'url: { secret: address }', /its URL holds a secret/],
    ['a login in its URL', 'url: https://me:pass@a.example.com/', /its URL holds a login/],
    ['a client certificate', 'url: https://a.example.com/, tls: { cert: { secret: c }, key: { secret: k } }', /client certificate/],
    ['a unix socket', 'url: "unix:/run/a.sock:/"', /it has no host/],
  ])('%s: it is left out, and that is said', (_, fields, note) => {
    const { checks, notes } = checksOf(`http: { a: { ${fields}, public: true } }\n`);
    expect(checks).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(note)]);
  });
});

test.each(['10.1.2.3', 'db.internal', 'localhost', 'db', '192.168.0.1', '[fd00::1]', '[::ffff:10.0.0.1]'])(
  '%s is private, so no check can reach it',
  (host) => {
    expect(isPrivateHost(host)).toBe(true);
    const { checks, notes } = checksOf(`http: { a: { url: 'http://${host}/', public: true } }\n`);
    expect(checks).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/is private/)]);
  },
);

test.each(['a.example.com', '8.8.8.8', '2001:4860:4860::8888'])('%s is not private', (host) => {
  expect(isPrivateHost(host)).toBe(false);
});

test('a WebSocket is asked for any answer, an authority of its own is not verified', () => {
  const { checks } = checksOf('websocket: { a: { url: wss://a.example.com/ws, public: true, tls: { ca: { secret: ca } } } }\n');
  expect(checks[0]?.check).toMatchObject({
    httpCheck: { useSsl: true, validateSsl: false, path: '/ws', acceptedResponseStatusCodes: [{ statusClass: 'STATUS_CLASS_ANY' }] },
  });
});

test('no region of the checks is that of the prober', () => {
  expect(checkRegions('europe-west1')).not.toContain('EUROPE');
  expect(checkRegions('asia-east1')).not.toContain('ASIA_PACIFIC');
  expect(checkRegions('us-west1')).not.toContain('USA_OREGON');
  expect(checkRegions('us-central1')).not.toContain('USA_IOWA');
});

test('of many targets a hundred are checked: critical ones first, and every host before a second path of one', () => {
  const target = (name: string, host: string, severity: string): string =>
    `  ${name}: { url: https://${host}.example.com/${name}, public: true, severity: ${severity} }\n`;
  const critical = Array.from({ length: 60 }, (_, index) => target(`c${index}`, `h${index % 30}`, 'critical'));
  const others = Array.from({ length: 90 }, (_, index) => target(`w${index}`, index < 60 ? `w${index % 20}` : `x${index}`, 'warning'));
  const context = contextOfText(`http:\n${[...critical, ...others].join('')}`);
  const { checks, notes } = publicChecks(context);
  expect(checks).toHaveLength(100);
  expect(notes).toEqual([expect.stringContaining('50 public targets get no uptime check')]);
  expect(checks.filter(({ displayName }) => displayName.startsWith('synthetics-staging-c'))).toHaveLength(60);
  expect(uptimeHosts(context)).toHaveLength(30 + 40);
});
