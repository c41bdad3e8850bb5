/** The health endpoints of backend, auth and frontend. */
import { secret, type Section } from './section';

/** What a health endpoint has to say. */
interface HealthEndpoint {
  readonly path: string;
  readonly json: readonly string[];
  /** Whether it may take its time. */
  readonly slow?: boolean;
  /** False: the chat goes on without it. */
  readonly critical?: false;
}

/** By the name of the target. */
const endpoints: Readonly<Record<string, HealthEndpoint>> = {
  backend: { path: '/health', json: ["status == 'healthy'"] },
  auth: { path: '/auth/health', json: ["status == 'healthy'"] },
  frontend: { path: '/frontend/health', json: ["status == 'healthy'"] },
  'backend-ready': {
    path: '/health/ready',
    json: ["status == 'ready'", "core_db == 'connected'", 'websocket_readiness.websocket_ready'],
  },
  'backend-infrastructure': {
    path: '/health/infrastructure',
    json: [
      'infrastructure_ready',
      'degraded_components == `[]`',
      'vpc_connectivity.overall',
      'vpc_connectivity.degraded_count == `0`',
      "type(service) == 'string' && type(environment) == 'string'",
      "infrastructure_components.*.[type(status), type(component), type(critical)] | length(@[?@ != ['string', 'string', 'boolean']]) == `0`",
      "type(infrastructure_team_actions.vpc_connector) == 'string'",
    ],
  },
  'backend-golden-path': { path: '/health/backend', json: ['golden_path_ready'] },
  'backend-startup': { path: '/health/startup', json: ["status == 'healthy'", 'startup_complete'], slow: true },
  'backend-schema': { path: '/health/schema-validation', json: ['schema_valid'] },
  'backend-database-env': { path: '/health/database-env', json: ['database_configured'] },
  'backend-agents': { path: '/health/agents', json: ['agents_ready'], critical: false },
};

export const http: Section = ({ loadBalancer }) =>
  Object.fromEntries(
    Object.entries(endpoints).map(([name, { path, json, slow, critical = true }]) => [
      name,
      {
        url: `https://127.0.0.1:${loadBalancer.port}${path}`,
        tls: { ca: secret('chat-ca') },
        expect: { status: [200], json },
        ...(!critical && { severity: 'error' }),
        ...(slow && { timeout: '10s' }),
        warn: { minCertificateValidity: '21d', ...(slow && { maxLatency: '3s' }) },
      },
    ]),
  );
