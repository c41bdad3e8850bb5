/** The stand-in of Cloud Monitoring takes and refuses what the real one does. */
import { callApi } from './rest-client';
import { listOf, objectOf, textOf } from './rest';
import type { Document } from './rest';
import { startGoogle } from './stand-in';
import type { GoogleStandIn } from './stand-in';

const v3 = 'http://monitoring.test/v3/projects/netra-staging';
const type = 'custom.googleapis.com/synthetic/probe/success';
const channel = 'projects/netra-staging/notificationChannels/1';

const promql = (displayName: string, name?: string): Document => ({
  displayName,
  ...(name !== undefined && { name }),
  conditionPrometheusQueryLanguage: { query: 'up == 0', duration: '60s', evaluationInterval: '30s' },
});
const threshold = (filter: string): Document => ({
  displayName: 'threshold',
  conditionThreshold: { filter, comparison: 'COMPARISON_LT', thresholdValue: 1, duration: '60s' },
});
const policy = (conditions: readonly Document[], more: Document = {}): Document => ({
  displayName: 'Target down',
  combiner: 'OR',
  severity: 'CRITICAL',
  userLabels: { policy: 'down' },
  notificationChannels: [channel],
  conditions,
  ...more,
});

describe('Cloud Monitoring', () => {
  let google: GoogleStandIn;
  const ask = async (method: string, url: string, body?: object) => {
    const answer = await callApi(google, method, url, body);
    return { ...answer, body: objectOf(answer.body) };
  };
  const describeMetric = () =>
    ask('POST', `${v3}/metricDescriptors`, {
      type,
      metricKind: 'GAUGE',
      valueType: 'INT64',
      unit: '1',
      labels: [{ key: 'kind', valueType: 'STRING' }],
    });

  beforeEach(async () => {
    google = await startGoogle({ channels: [channel] });
  });
  afterEach(async () => {
    const unexpected = google.unexpected();
    await google.close();
    if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
  });

  it('keeps metric descriptors', async () => {
    expect(await describeMetric()).toMatchObject({ status: 200, body: { type, labels: [{ key: 'kind' }] } });
    expect(
      await ask(
        'GET',
        `${v3}/metricDescriptors?filter=${encodeURIComponent('metric.type = starts_with("custom.googleapis.com/synthetic/")')}`,
      ),
    ).toMatchObject({
      body: { metricDescriptors: [{ type }] },
    });
    expect(await ask('DELETE', `${v3}/metricDescriptors/${type}`)).toMatchObject({ status: 200 });
    expect(await ask('GET', `${v3}/metricDescriptors/${type}`)).toMatchObject({ status: 404 });
  });

  it('gives names to policies and to conditions, and keeps those that come back', async () => {
    const { body: created } = await ask('POST', `${v3}/alertPolicies`, policy([promql('one'), promql('two')]));
    const [one, two] = listOf(created['conditions']).map(objectOf);
    expect(textOf(one?.['name'])).toMatch(new RegExp(`^${textOf(created['name'])}/conditions/\\d+$`));
    const url = `http://monitoring.test/v3/${textOf(created['name'])}`;
    const { body: patched } = await ask(
      'PATCH',
      url,
      policy([promql('one', textOf(one?.['name'])), promql('two')], { etag: created['etag'] }),
    );
    const [kept, renewed] = listOf(patched['conditions']).map(objectOf);
    expect(kept?.['name']).toBe(one?.['name']);
    expect(renewed?.['name']).not.toBe(two?.['name']);
    expect(await ask('PATCH', url, policy([promql('one')], { etag: created['etag'] }))).toMatchObject({ status: 409 });
    expect(await ask('PATCH', `${url}?updateMask=enabled`, { enabled: false })).toMatchObject({
      body: { enabled: false, displayName: 'Target down' },
    });
    expect(await ask('DELETE', url)).toMatchObject({ status: 200 });
    expect(google.alertPolicies.all()).toEqual([]);
  });

  it.each<[string, Document]>([
    ['more than six conditions', policy(Array.from({ length: 7 }, (_one, index) => promql(`c${index}`)))],
    ['a field that it does not know', policy([promql('one')], { colour: 'red' })],
    ['a severity that it does not know', policy([promql('one')], { severity: 'URGENT' })],
    ['no combiner', policy([promql('one')], { combiner: undefined })],
    ['a label in capitals', policy([promql('one')], { userLabels: { Policy: 'down' } })],
    ['a threshold on a metric without a descriptor', policy([threshold(`metric.type = "${type}" AND resource.type = "generic_task"`)])],
    ['a threshold without a resource', policy([threshold(`metric.type = "${type}"`)])],
    [
      'a burn rate of no objective',
      policy([threshold('select_slo_burn_rate("projects/netra-staging/services/s/serviceLevelObjectives/o", "3600s")')]),
    ],
    ['a channel that is not there', policy([promql('one')], { notificationChannels: ['projects/netra-staging/notificationChannels/2'] })],
    ['a rate limit on metrics', policy([promql('one')], { alertStrategy: { notificationRateLimit: { period: '300s' } } })],
  ])('refuses a policy with %s', async (_what, body) => {
    const { status } = await ask('POST', `${v3}/alertPolicies`, body);
    expect([400, 404]).toContain(status);
    expect(google.alertPolicies.all()).toEqual([]);
  });

  it('takes a threshold once there is a descriptor', async () => {
    await describeMetric();
    const body = policy([threshold(`metric.type = "${type}" AND resource.type = "generic_task"`)]);
    expect(await ask('POST', `${v3}/alertPolicies`, body)).toMatchObject({ status: 200 });
  });

  it('takes changes of policies one after the other only', async () => {
    const answers = await Promise.all([1, 2].map(() => ask('POST', `${v3}/alertPolicies`, policy([promql('one')]))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('keeps services with objectives, and policies on their burn rate', async () => {
    expect(await ask('POST', `${v3}/services?service_id=synthetics-staging`, { displayName: 'Synthetics', custom: {} })).toMatchObject({
      status: 200,
    });
    const objective = {
      displayName: 'backend',
      goal: 0.99,
      rollingPeriod: '2419200s',
      serviceLevelIndicator: {
        windowsBased: {
          windowPeriod: '300s',
          metricMeanInRange: { timeSeries: `metric.type="${type}" resource.type="generic_task"`, range: { min: 1, max: 1 } },
        },
      },
    };
    const url = `${v3}/services/synthetics-staging/serviceLevelObjectives`;
    expect(await ask('POST', `${url}?service_level_objective_id=backend`, { ...objective, goal: 1 })).toMatchObject({ status: 400 });
    expect(await ask('POST', `${url}?service_level_objective_id=backend`, objective)).toMatchObject({ status: 200 });
    expect(await ask('PATCH', `${url}/backend?updateMask=goal`, { goal: 0.999 })).toMatchObject({
      body: { goal: 0.999, displayName: 'backend' },
    });
    const rate = 'select_slo_burn_rate("projects/netra-staging/services/synthetics-staging/serviceLevelObjectives/backend", "3600s")';
    expect(await ask('POST', `${v3}/alertPolicies`, policy([threshold(rate)]))).toMatchObject({ status: 200 });
    expect(await ask('DELETE', `${v3}/services/synthetics-staging`)).toMatchObject({ status: 200 });
    expect(google.levels.objectives.all()).toEqual([]);
  });

  it('keeps uptime checks, snoozes and dashboards', async () => {
    const check = {
      displayName: 'public',
      monitoredResource: { type: 'uptime_url', labels: { host: 'example.com' } },
      httpCheck: { useSsl: true },
      period: '300s',
    };
    expect(await ask('POST', `${v3}/uptimeCheckConfigs`, { ...check, period: '120s' })).toMatchObject({ status: 400 });
    expect(await ask('POST', `${v3}/uptimeCheckConfigs`, check)).toMatchObject({ body: { timeout: '10s', httpCheck: { port: 443 } } });

    const { body: created } = await ask('POST', `${v3}/alertPolicies`, policy([promql('one')]));
    const interval = { startTime: '2026-11-20T10:00:00Z', endTime: '2026-11-20T10:30:00Z' };
    const snooze = {
      displayName: 'maintenance',
      criteria: { policies: [created['name']], filter: 'resource.labels.task_id="backend"' },
      interval,
    };
    expect(await ask('POST', `${v3}/snoozes`, snooze)).toMatchObject({ status: 200 });
    expect(await ask('POST', `${v3}/snoozes`, { ...snooze, criteria: { policies: [`${v3}/none`] } })).toMatchObject({ status: 404 });

    const dashboards = 'http://monitoring.test/v1/projects/netra-staging/dashboards';
    const tile = { width: 4, height: 4, widget: { text: { content: 'x' } } };
    const dashboard = (columns: number) => ({ displayName: 'Synthetics', mosaicLayout: { columns, tiles: [tile] } });
    expect(await ask('POST', dashboards, dashboard(3))).toMatchObject({ status: 400 });
    const { body: made } = await ask('POST', dashboards, dashboard(12));
    const url = `http://monitoring.test/v1/${textOf(made['name'])}`;
    expect(await ask('PATCH', url, { ...dashboard(12), etag: made['etag'] })).toMatchObject({ status: 200 });
    expect(await ask('PATCH', url, { ...dashboard(12), etag: made['etag'] })).toMatchObject({ status: 409 });
    expect(await ask('DELETE', url)).toMatchObject({ status: 200 });
    expect(google.dashboards.all()).toEqual([]);
  });
});
