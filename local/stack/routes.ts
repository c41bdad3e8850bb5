/** Whom the alerts of the embedded stack go to: people that there are in every team, and nobody is really told. */
import { project } from './services';

const channel = (id: string): string => `projects/${project}/notificationChannels/${id}`;

/** Notification channels as Cloud Monitoring would list them (v3, `projects.notificationChannels`). */
export const channels = [
  { id: 'infrastructure-on-call', displayName: 'Infrastructure, on call', type: 'pagerduty' },
  { id: 'application-on-call', displayName: 'Application, on call', type: 'pagerduty' },
  { id: 'operators', displayName: 'Operators', type: 'email' },
  { id: 'monitoring', displayName: 'Who looks after the monitor', type: 'email' },
  { id: 'warnings', displayName: 'Warnings', type: 'slack' },
].map(({ id, ...fields }) => ({ name: channel(id), ...fields, enabled: true }));

/** The first match counts. */
export const routes = [
  { severity: 'critical', owner: 'infrastructure', channels: [channel('infrastructure-on-call')] },
  { severity: 'critical', owner: 'application', channels: [channel('application-on-call')] },
  { severity: 'critical', owner: 'operator', channels: [channel('operators')] },
  { severity: 'critical', owner: 'monitor', channels: [channel('monitoring')] },
  { channels: [channel('warnings')] },
];
