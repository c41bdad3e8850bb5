/** The documents that the chat application's health endpoints answer. */

/** Path to document, all well. */
export function healthDocuments(version: string): ReadonlyMap<string, object> {
  const by = (service: string): object => ({ service, environment: 'local', version });
  const about = by('chat');
  return new Map<string, object>([
    ['/health', { ...about, status: 'healthy' }],
    [
      '/health/ready',
      {
        ...about,
        status: 'ready',
        core_db: 'connected',
        redis: 'connected',
        websocket_readiness: { websocket_ready: true, connection_status: 'ready' },
      },
    ],
    [
      '/health/infrastructure',
      {
        ...about,
        status: 'healthy',
        infrastructure_ready: true,
        infrastructure_components: {
          database: component('database', true),
          redis: component('redis', true),
          websocket: component('websocket', false),
        },
        degraded_components: [],
        vpc_connectivity: { overall: true, degraded_count: 0 },
        infrastructure_team_actions: { vpc_connector: 'none' },
      },
    ],
    ['/health/backend', { ...about, status: 'healthy', golden_path_ready: true }],
    ['/health/startup', { ...about, status: 'healthy', startup_complete: true, phases: [] }],
    ['/health/schema-validation', { ...about, status: 'healthy', schema_valid: true }],
    ['/health/database-env', { ...about, status: 'healthy', database_configured: true }],
    ['/health/agents', { ...about, status: 'healthy', agents_ready: true }],
    ['/version', about],
    ['/auth/health', { ...by('auth'), status: 'healthy' }],
    ['/frontend/health', { ...by('frontend'), status: 'healthy' }],
    ['/frontend/version', by('frontend')],
  ]);
}

function component(name: string, critical: boolean): object {
  return { status: 'healthy', component: name, critical };
}
