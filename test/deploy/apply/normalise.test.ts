/** Documents and functions in one spelling, whatever a server makes of them. */
import { cpus, foundFields, mebibytes, plannedFields } from '../../../deploy/apply/function-fields';
import { normalised } from '../../../deploy/apply/normalise';
import type { FunctionPlan } from '../../../deploy/plan/plan';

const policy = {
  displayName: 'down',
  conditions: [
    { displayName: 'one', conditionPrometheusQueryLanguage: { query: 'up == 0', duration: '60s', disableMetricValidation: false } },
  ],
  notificationChannels: [],
  userLabels: { policy: 'down' },
  enabled: true,
};
const fields = ['displayName', 'conditions', 'notificationChannels', 'userLabels', 'enabled'];

describe('a document', () => {
  it('is the same as the server gives it back', () => {
    const { notificationChannels: _empty, ...rest } = policy;
    const back = {
      ...rest,
      name: 'projects/p/alertPolicies/1',
      conditions: [
        {
          name: 'projects/p/alertPolicies/1/conditions/2',
          conditionPrometheusQueryLanguage: { duration: '60.000s', query: 'up == 0' },
          displayName: 'one',
        },
      ],
      userLabels: { policy: 'down', 'synthetics-fingerprint': '0123456789ab' },
      creationRecord: { mutateTime: '2026-01-01T00:00:00Z' },
      etag: 'abc=',
    };
    expect(normalised(back, fields)).toEqual(normalised(policy, fields));
  });

  it('is another when anything that it says is another', () => {
    const changes = [
      { enabled: false },
      { displayName: 'up' },
      { userLabels: { policy: 'down', more: '' } },
      { notificationChannels: ['projects/p/notificationChannels/1'] },
      { conditions: [{ ...policy.conditions[0], displayName: 'two' }] },
      { conditions: [] },
    ];
    for (const change of changes) expect(normalised({ ...policy, ...change }, fields)).not.toEqual(normalised(policy, fields));
  });
});

const planned: FunctionPlan = {
  kind: 'tcp',
  name: 'synthetics-staging-tcp',
  entryPoint: 'tcp',
  runtime: 'nodejs24',
  source: 'dist/functions/tcp',
  config: '{}',
  account: 'a@p.iam.gserviceaccount.com',
  memoryMiB: 512,
  cpu: 1,
  concurrency: 10,
  minInstances: 0,
  maxInstances: 3,
  timeoutSeconds: 60,
  ingress: 'internal-and-gclb',
  vpc: { connector: 'conn', egress: 'private-ranges-only' },
  cloudSqlInstances: [],
  environment: { UV_THREADPOOL_SIZE: '64' },
  labels: { 'managed-by': 'vpc-synthetics' },
  invokers: [],
};

describe('a function', () => {
  const found = {
    buildConfig: { runtime: 'nodejs24', entryPoint: 'tcp' },
    serviceConfig: {
      serviceAccountEmail: 'a@p.iam.gserviceaccount.com',
      availableMemory: '512M',
      availableCpu: '1000m',
      maxInstanceRequestConcurrency: 10,
      maxInstanceCount: 3,
      timeoutSeconds: 60,
      ingressSettings: 'ALLOW_INTERNAL_AND_GCLB',
      vpcConnector: 'projects/p/locations/r/connectors/conn',
      vpcConnectorEgressSettings: 'PRIVATE_RANGES_ONLY',
      environmentVariables: { LOG_EXECUTION_ID: 'true', UV_THREADPOOL_SIZE: '64' },
    },
    labels: {
      'managed-by': 'vpc-synthetics',
      'deployment-tool': 'cli-gcloud',
      'synthetics-source': 'abc',
      'synthetics-fingerprint': '0123456789ab',
    },
  };

  it('is the same in the plan’s words and in the API’s', () => {
    expect(foundFields(found, planned).fields).toEqual(plannedFields(planned, 'abc'));
  });

  it('is the same with Direct VPC egress, the subnet named like the network where none is named', () => {
    const { vpcConnector: _connector, vpcConnectorEgressSettings: _egress, ...rest } = found.serviceConfig;
    const direct = {
      ...rest,
      directVpcNetworkInterface: [{ network: 'projects/p/global/networks/n' }],
      directVpcEgress: 'VPC_EGRESS_ALL_TRAFFIC',
    };
    const fn = { ...planned, vpc: { network: 'n', egress: 'all' } } as const;
    expect(foundFields({ ...found, serviceConfig: direct }, fn).fields).toEqual(plannedFields(fn, 'abc'));
  });

  it('has its sizes in any unit', () => {
    expect(['512Mi', '512M', '0.5Gi', '1G'].map(mebibytes)).toEqual([512, 512, 512, 1024]);
    expect(['1', '1000m', '0.5', '83m'].map(cpus)).toEqual([1, 1, 0.5, 0.083]);
  });
});
