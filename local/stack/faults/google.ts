/** What can break in Google's APIs. */
import { status } from '@grpc/grpc-js';
import type { Fault } from './fault';

export const googleFaults: readonly Fault[] = [
  {
    name: 'secret-manager-down',
    title: 'Secret Manager is unavailable: nobody can tell how the targets are',
    breaks: 'secret-manager',
    expects: (targets) =>
      targets
        .filter((target) => target.kind === 'secrets' || target.secrets.length > 0)
        .map(({ kind, name }) => ({ kind, target: name, outcome: 'unknown', reason: 'api_unavailable', owner: 'monitor' })),
    async strike({ secretManager }) {
      const lift = secretManager.fault({ code: status.UNAVAILABLE });
      return async () => lift();
    },
  },
  {
    name: 'monitoring-down',
    title: 'Cloud Monitoring is unavailable: points are not written, no target is at fault',
    breaks: 'monitoring',
    expects: [],
    async strike({ monitoring }) {
      const lift = monitoring.fault({ code: status.UNAVAILABLE });
      return async () => lift();
    },
  },
];
