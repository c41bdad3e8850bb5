/** What a notification tells people to do must work as it is printed, from wherever they are. */
import { alertPolicies } from '../../../deploy/alerts/policies';
import type { PlanContext } from '../../../deploy/plan/plan';
import { diagnose, planned } from './planned';

const everything = planned(
  `
secrets: { app: { require: [{ secret: token, maxAge: 90d }] } }
postgres: { db: { host: db.internal, user: u, password: p } }
redis: { cache: { host: cache.internal, tls: {} } }
http: { shop: { url: "https://shop.example.com/", public: true } }
network: { connector: vpc }
alerts: { slo: 0.99, latency: 2s }
`,
  [diagnose],
);

const textOf = (key: RegExp, context: PlanContext = everything): string => {
  const found = alertPolicies(context).find(({ userLabels }) => key.test(userLabels.policy));
  if (!found) throw new Error(`no policy ${key.source}`);
  return found.documentation.content;
};
const where = '--region=us-central1 --project=my-project';

test('a target is run where it is probed, and not from where the notification is read', () => {
  const run = `\`gcloud functions call synthetics-staging-\${metric_or_resource.label.job} --gen2 ${where} --data='{"targets":["\${metric_or_resource.label.task_id}"]}'\``;
  const down = textOf(/^down-critical-infrastructure/);
  expect(down.split(run)).toHaveLength(3);
  for (const key of [/^unknown-/, /^intermittent-/, /^latency-/, /^utilisation$/, /^certificate-soon$/, /^secret-old$/])
    expect(textOf(key)).toContain(run);
  for (const { documentation } of alertPolicies(everything)) expect(documentation.content).not.toContain('npx synthetics run');
});

test('every notification says how to sign off', () => {
  const verify = `\`gcloud functions call synthetics-staging-verify --gen2 ${where} --data='{"format":"text"}'\`, or \`npx synthetics verify\``;
  for (const { documentation } of alertPolicies(everything)) expect(documentation.content).toContain(verify);
});

test('the monitor that is silent is looked at by commands that name function, region and project', () => {
  const text = textOf(/^prober-silent$/);
  expect(text).toContain('gcloud scheduler jobs list --location=us-central1 --project=my-project');
  expect(text).toContain(`gcloud run services logs read synthetics-staging-\${metric_or_resource.label.job} ${where}`);
});

describe('who can own no failure', () => {
  const keys = (context: PlanContext): readonly string[] =>
    alertPolicies(context).flatMap(({ userLabels: { policy } }) => (policy.startsWith('down-') ? [policy] : []));

  test('gets no policy: secrets are judged and not dialled', () => {
    expect(keys(everything)).toEqual([
      'down-critical-infrastructure-1m',
      'down-critical-application-1m',
      'down-critical-operator-1m',
      'down-critical-operator-1h',
    ]);
  });

  test('gets no reasons of others to read: those of a secret are its own', () => {
    const text = textOf(/^secret-invalid-critical$/);
    expect(text).toContain('`secret_missing`');
    expect(text).not.toMatch(/`(credentials_rejected|permission_denied|connect_timeout)`/);
    expect(textOf(/^down-critical-operator-1m$/)).toContain('`credentials_rejected`');
  });
});

test('no command holds a word that the reader has to replace though it is known', () => {
  for (const { documentation } of alertPolicies(everything))
    expect(documentation.content).not.toMatch(/`gcloud[^`]*\b(NAME|REGION|PROJECT|SERVICE)\b[^`]*`/);
  expect(textOf(/^connector$/)).toContain(
    'connectors update ${metric_or_resource.label.connector_name} --region=${metric_or_resource.label.location}',
  );
});
