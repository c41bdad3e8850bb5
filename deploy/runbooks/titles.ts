/** Headings of the runbook, and the names that its commands use most. */
import type { Domain } from '../../shared/reasons';

/** What a domain is called in a heading. */
export const titles: Readonly<Record<Domain, string>> = {
  network: 'Network',
  certificate: 'Certificates and TLS',
  credentials: 'Credentials and permissions',
  capacity: 'Capacity',
  state: 'State of a server',
  service: 'Service',
  gateway: 'What stands in front',
  secret: 'Secrets',
  platform: 'Google Cloud resources',
  monitor: 'The prober itself',
};

/** Names that every command may use: all of them stand in the alert. */
export const firstNames: readonly { readonly name: string; readonly example: string; readonly is: string }[] = [
  { name: 'PROJECT', example: 'my-project', is: 'project_id of the alert' },
  { name: 'REGION', example: 'us-central1', is: 'location' },
  { name: 'ENVIRONMENT', example: 'staging', is: 'namespace' },
  { name: 'KIND', example: 'postgres', is: 'job' },
  { name: 'TARGET', example: 'orders-db', is: 'task_id' },
  { name: 'HOST', example: '10.0.0.5', is: 'where the target leads, see the configuration' },
  { name: 'PORT', example: '5432', is: 'and its port' },
  { name: 'STARTTLS', example: 'postgres', is: 'where TLS begins midway: postgres, smtp, imap; else empty' },
  { name: 'CLOUDSDK_CORE_PROJECT', example: '$PROJECT', is: 'so that gcloud asks the right project' },
];
