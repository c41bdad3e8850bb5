/** What can break at the health endpoints of the application. */
import type { ChatFaults } from '../../services/chat-faults';
import { failing, type Fault } from './fault';

type HttpAnswer = NonNullable<ChatFaults['http']>[string];

/** Another answer of a path; several paths are broken at a time. */
const answering = (path: string, answer: HttpAnswer): Pick<Fault, 'breaks' | 'strike'> => ({
  breaks: `chat/http${path}`,
  strike: ({ breakChat }) => breakChat({ http: { [path]: answer } }),
});

/** A document that says otherwise than `target` asks for. */
const saying = (target: string, path: string, body: object): Pick<Fault, 'breaks' | 'strike' | 'expects'> => ({
  ...answering(path, { body }),
  expects: failing('http', target)('assertion_failed', 'application'),
});

const ready = { status: 'ready', core_db: 'connected', websocket_readiness: { websocket_ready: true } };
const infrastructure = {
  service: 'chat',
  environment: 'local',
  status: 'degraded',
  infrastructure_ready: true,
  infrastructure_components: { redis: { status: 'degraded', component: 'redis', critical: true } },
  degraded_components: [] as string[],
  vpc_connectivity: { overall: true, degraded_count: 0 },
  infrastructure_team_actions: { vpc_connector: 'look at its capacity' },
};

export const healthFaults: readonly Fault[] = [
  {
    name: 'backend-unavailable',
    title: 'The readiness of the backend answers 503',
    ...answering('/health/ready', { status: 503, body: { ...ready, status: 'starting' } }),
    expects: failing('http', 'backend-ready')('unexpected_status', 'application'),
  },
  {
    name: 'backend-late',
    title: 'The readiness of the backend answers 45 s late',
    ...answering('/health/ready', { delayMs: 45_000 }),
    expects: failing('http', 'backend-ready')('timeout', 'application'),
  },
  {
    name: 'backend-hanging',
    title: 'The health endpoint of the backend never answers',
    ...answering('/health', { hang: true }),
    expects: failing('http', 'backend')('timeout', 'application'),
  },
  {
    name: 'backend-without-database',
    title: 'The readiness of the backend answers 200, but its database is gone',
    ...saying('backend-ready', '/health/ready', { ...ready, core_db: 'disconnected' }),
  },
  {
    name: 'backend-without-websocket',
    title: 'The backend is ready, but its WebSocket is not',
    ...saying('backend-ready', '/health/ready', { ...ready, websocket_readiness: { websocket_ready: false } }),
  },
  {
    name: 'infrastructure-degraded',
    title: 'The backend names a component that is degraded',
    ...saying('backend-infrastructure', '/health/infrastructure', { ...infrastructure, degraded_components: ['redis'] }),
  },
  {
    name: 'infrastructure-disconnected',
    title: 'The backend has no connectivity to the VPC',
    ...saying('backend-infrastructure', '/health/infrastructure', {
      ...infrastructure,
      vpc_connectivity: { overall: false, degraded_count: 2 },
    }),
  },
  {
    name: 'infrastructure-misshapen',
    title: 'The backend does not say which components are critical',
    ...saying('backend-infrastructure', '/health/infrastructure', {
      ...infrastructure,
      infrastructure_components: { redis: { status: 'healthy', component: 'redis' } },
    }),
  },
  {
    name: 'golden-path-not-ready',
    title: 'The backend says that the golden path is not ready',
    ...saying('backend-golden-path', '/health/backend', { status: 'degraded', golden_path_ready: false }),
  },
  {
    name: 'startup-incomplete',
    title: 'The start of the backend stays in one of its phases',
    ...saying('backend-startup', '/health/startup', { status: 'starting', startup_complete: false, phases: ['database'] }),
  },
  {
    name: 'startup-slow',
    title: 'The state of the start comes 4 s late',
    ...answering('/health/startup', { delayMs: 4000 }),
    expects: [{ kind: 'http', target: 'backend-startup', outcome: 'degraded', reason: 'too_slow', owner: 'application' }],
  },
  {
    name: 'schema-invalid',
    title: 'The schema of the database is not what the backend needs',
    ...saying('backend-schema', '/health/schema-validation', { status: 'unhealthy', schema_valid: false }),
  },
  {
    name: 'database-env-missing',
    title: 'The backend lacks the settings of its database',
    ...saying('backend-database-env', '/health/database-env', { status: 'unhealthy', database_configured: false }),
  },
  {
    name: 'agents-not-ready',
    title: 'The agents of the backend are not ready',
    ...saying('backend-agents', '/health/agents', { status: 'degraded', agents_ready: false }),
  },
  {
    name: 'login-refused',
    title: 'auth refuses the password of its users',
    ...answering('/auth/login', { status: 401, body: { error: 'wrong e-mail address or password' } }),
    expects: failing('journey', 'golden-path')('credentials_rejected', 'operator'),
  },
  {
    name: 'versions-differ',
    title: 'The frontend is of another version than the backend',
    ...answering('/frontend/version', { body: { service: 'frontend', environment: 'local', version: '0.9.0' } }),
    expects: failing('journey', 'golden-path')('assertion_failed', 'application'),
  },
  {
    name: 'auth-unhealthy',
    title: 'The health endpoint of auth answers 500',
    ...answering('/auth/health', { status: 500, body: { status: 'unhealthy' } }),
    expects: failing('http', 'auth')('unexpected_status', 'application'),
  },
  {
    name: 'frontend-unhealthy',
    title: 'The health endpoint of the frontend answers 502, as by a gateway whose service is gone',
    ...answering('/frontend/health', { status: 502, body: {} }),
    expects: failing('http', 'frontend')('bad_gateway', 'infrastructure'),
  },
];
