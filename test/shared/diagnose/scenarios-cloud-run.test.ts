import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import type { Owner, Reason } from '../../../shared/reasons';
import { testScenarios, type Sight, type Wanted } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

const wrong = (setting: string): Sight => ({
  reason: 'resource_misconfigured',
  findings: { state: null, [setting]: 'resource_misconfigured' },
});
/** What the services say of themselves while their `/health` works. */
const complaints = {
  'backend-ready': 'assertion_failed',
  'auth-ready': 'assertion_failed',
  'backend-infrastructure': 'assertion_failed',
  'backend-schema': 'assertion_failed',
  'no-error-3': 'assertion_failed',
} as const;
const service = (name: string, blocks: readonly string[] = []): Wanted => ({
  owner: 'infrastructure',
  reason: 'resource_misconfigured',
  is: [name],
  blocks,
});
const alone = (name: string, owner: Owner = 'application', reason: Reason = 'assertion_failed'): Wanted => ({ owner, reason, is: [name] });
const cutOff = {
  'target/backend-service': service('backend-service', ['backend-infrastructure', 'backend-ready', 'backend-schema', 'no-error-3']),
  'target/auth-service': service('auth-service', ['auth-ready', 'no-error-3']),
};
const mismatch: Sight = { reason: 'assertion_failed', findings: { frontend: null, backend: null, 'same-version': 'assertion_failed' } };

describe('services on Cloud Run that run, but wrongly', () => {
  testScenarios(
    () => staging,
    [
      ...['connector', 'egress'].map((setting) => ({
        title: `both lost their ${setting}: what asks behind them fails, although their health endpoints do not`,
        seen: { 'backend-service': wrong(setting), 'auth-service': wrong(setting), ...complaints },
        causes: cutOff,
      })),
      {
        title: 'the same by the metrics alone: most of what asks inside by way of them fails',
        seen: { 'backend-service': 'resource_misconfigured', 'auth-service': 'resource_misconfigured', ...complaints },
        causes: cutOff,
      },
      {
        title: 'one lost its connector',
        seen: { 'auth-service': wrong('connector'), 'auth-ready': 'unexpected_status' },
        causes: { 'target/auth-service': service('auth-service', ['auth-ready']) },
      },
      {
        title: 'the same by the metrics alone',
        seen: { 'auth-service': 'resource_misconfigured', 'auth-ready': 'unexpected_status' },
        causes: { 'target/auth-service': service('auth-service', ['auth-ready']) },
      },
      {
        title: 'a wrong setting of which nothing is known, and one page of many answers wrong: two causes',
        seen: { 'backend-service': 'resource_misconfigured', 'backend-schema': 'assertion_failed' },
        causes: {
          'target/backend-schema': alone('backend-schema'),
          'target/backend-service': service('backend-service'),
        },
      },
      {
        title: 'a shorter time-out cuts nothing off',
        seen: { 'auth-service': wrong('timeout'), 'auth-ready': 'unexpected_status' },
        causes: {
          'target/auth-ready': alone('auth-ready', 'application', 'unexpected_status'),
          'target/auth-service': service('auth-service'),
        },
      },
      {
        title: 'a service that is cut off is no excuse for what fails before it is asked, nor for a refused login',
        seen: {
          'backend-service': wrong('connector'),
          'backend-ready': { reason: 'timeout', phase: 'tls' },
          'chat-by-header': 'credentials_rejected',
        },
        causes: {
          'target/backend-ready': { ...alone('backend-ready', 'application', 'timeout'), blocks: ['chat-by-header'] },
          'target/backend-service': service('backend-service'),
        },
      },
      {
        title: 'an old revision serves: the reason why frontend and backend differ in version',
        seen: { 'backend-service': wrong('trafficOnLatest'), versions: mismatch },
        causes: { 'target/backend-service': service('backend-service', ['versions']) },
      },
      {
        title: 'the same by the metrics alone',
        seen: { 'backend-service': 'resource_misconfigured', versions: 'assertion_failed' },
        causes: { 'target/backend-service': service('backend-service', ['versions']) },
      },
      {
        title: 'the same, and the login is refused that a mismatch broke once',
        seen: {
          'backend-service': wrong('trafficOnLatest'),
          versions: mismatch,
          'chat-by-header': 'credentials_rejected',
          'golden-path': { reason: 'credentials_rejected', findings: { login: null, chat: 'credentials_rejected' } },
        },
        causes: { 'target/backend-service': service('backend-service', ['chat-by-header', 'golden-path', 'versions']) },
      },
      {
        title: 'an old revision is no reason for a page that answers wrong, nor for versions that could not be asked',
        seen: {
          'backend-service': wrong('trafficOnLatest'),
          'backend-schema': 'assertion_failed',
          versions: { reason: 'timeout', findings: { frontend: 'timeout' } },
        },
        causes: {
          'target/backend-schema': alone('backend-schema'),
          'target/backend-service': service('backend-service'),
          'target/versions': alone('versions', 'application', 'timeout'),
        },
      },
    ],
  );
});
