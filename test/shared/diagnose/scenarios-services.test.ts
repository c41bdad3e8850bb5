import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

describe('services, and what leads to them', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'the Cloud Run service is not ready: its health endpoints and the golden path are blocked',
        seen: {
          'backend-service': 'resource_not_ready',
          'backend-health': 'overloaded',
          'backend-ready': 'overloaded',
          'backend-agents': 'overloaded',
          'chat-by-header': 'upgrade_rejected',
          'golden-path': { reason: 'upgrade_rejected', findings: { login: null, chat: 'upgrade_rejected' } },
        },
        causes: {
          'target/backend-service': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['backend-service'],
            blocks: ['backend-agents', 'backend-health', 'backend-ready', 'chat-by-header', 'golden-path'],
          },
        },
      },
      {
        title: 'the backend lost its connector: a vital setting, and the reason why it is not ready',
        seen: {
          'backend-service': { reason: 'resource_misconfigured', findings: { state: null, connector: 'resource_misconfigured' } },
          'backend-health': 'timeout',
          'backend-ready': 'timeout',
        },
        causes: {
          'target/backend-service': {
            owner: 'infrastructure',
            reason: 'resource_misconfigured',
            is: ['backend-service'],
            blocks: ['backend-health', 'backend-ready'],
          },
        },
      },
      {
        title: 'the backend is down although Cloud Run is well: the application, and the golden path behind it',
        seen: {
          'backend-health': 'timeout',
          'backend-ready': 'timeout',
          'backend-golden-path': 'timeout',
          'chat-by-subprotocol': 'timeout',
          'golden-path': { reason: 'timeout', findings: { login: null, chat: 'timeout' } },
        },
        causes: {
          'target/backend-health': {
            owner: 'application',
            reason: 'timeout',
            is: ['backend-health'],
            blocks: ['backend-golden-path', 'backend-ready', 'chat-by-subprotocol', 'golden-path'],
            confidence: 'high',
          },
        },
      },
      {
        title: 'frontend and backend differ in version: the journey itself, whatever else leads to their hosts',
        seen: {
          versions: { reason: 'assertion_failed', findings: { frontend: null, backend: null, 'same-version': 'assertion_failed' } },
          'backend-schema': 'assertion_failed',
          'golden-path': { reason: 'timeout', findings: { login: null, chat: 'timeout' } },
        },
        causes: {
          'target/versions': { owner: 'application', reason: 'assertion_failed', is: ['versions'], blocks: ['golden-path'] },
          'target/backend-schema': { owner: 'application', reason: 'assertion_failed', is: ['backend-schema'] },
        },
      },
      {
        title:
          'the same by the metrics alone, while a token of ours ran out and a page answers wrong: three causes, two of which may block the chats',
        seen: {
          versions: 'assertion_failed',
          'backend-agents': 'assertion_failed',
          'chat-by-header': 'credentials_rejected',
          'chat-by-subprotocol': 'credentials_rejected',
          'probe-secrets': { reason: 'secret_stale', findings: { 'probe-token': 'untold' } },
        },
        causes: {
          'secret/probe-token': {
            owner: 'operator',
            reason: 'credentials_rejected',
            is: ['probe-secrets'],
            blocks: ['chat-by-header', 'chat-by-subprotocol'],
            says: /probe-secrets finds secret_stale/,
          },
          'target/versions': {
            owner: 'application',
            reason: 'assertion_failed',
            is: ['versions'],
            blocks: ['chat-by-header', 'chat-by-subprotocol'],
          },
          'target/backend-agents': { owner: 'application', reason: 'assertion_failed', is: ['backend-agents'] },
        },
      },
      {
        title: 'the golden path fails alone: it is its own cause',
        seen: { 'golden-path': { reason: 'timeout', findings: { login: null, chat: 'timeout' } } },
        causes: { 'target/golden-path': { owner: 'application', reason: 'timeout', is: ['golden-path'], confidence: 'high' } },
      },
      {
        title: 'a chain that was not seen in the middle is followed all the same',
        seen: { 'backend-service': 'resource_not_ready', 'backend-ready': 'timeout' },
        unseen: ['backend-health'],
        causes: {
          'target/backend-service': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['backend-service'],
            blocks: ['backend-ready'],
          },
        },
      },
      {
        title: 'a chain whose middle works is not: what works hands nothing on',
        seen: { 'backend-service': 'resource_not_ready', 'backend-schema': 'assertion_failed' },
        causes: {
          'target/backend-schema': { owner: 'application', reason: 'assertion_failed', is: ['backend-schema'] },
          'target/backend-service': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['backend-service'] },
        },
      },
      {
        title: 'what is slow makes late whoever waits for it, and is no excuse for a wrong answer',
        seen: { 'backend-health': 'too_slow', 'backend-ready': 'timeout', 'backend-agents': 'assertion_failed' },
        causes: {
          'target/backend-health': { owner: 'application', reason: 'too_slow', is: ['backend-health'], blocks: ['backend-ready'] },
          'target/backend-agents': { owner: 'application', reason: 'assertion_failed', is: ['backend-agents'] },
        },
      },
      {
        title: 'the logs hold what went wrong: they are the echo of what they are declared to need, and block nothing',
        seen: { 'no-1011': 'assertion_failed', 'no-error-3': 'assertion_failed', 'chat-by-header': 'unexpected_close' },
        causes: {
          'target/chat-by-header': { owner: 'application', reason: 'unexpected_close', is: ['chat-by-header'], blocks: ['no-1011'] },
          'target/no-error-3': { owner: 'application', reason: 'assertion_failed', is: ['no-error-3'] },
        },
      },
    ],
  );
});
