/** What the targets of the embedded stack need, and how a fix of it is signed off. */

/** Besides what the configuration shows by itself: that a private target needs the connector, and a server its instance. */
export const dependencies: Readonly<Record<string, readonly string[]>> = {
  backend: ['backend-service', 'load-balancer'],
  auth: ['auth-service', 'load-balancer'],
  frontend: ['load-balancer'],
  'backend-ready': ['backend', 'orders-db', 'cache', 'app'],
  'backend-infrastructure': ['backend', 'orders-db', 'cache'],
  'backend-golden-path': ['backend-ready', 'auth'],
  'backend-startup': ['backend', 'orders-db', 'cache'],
  'backend-schema': ['backend', 'orders-db'],
  'backend-database-env': ['backend', 'app'],
  'backend-agents': ['backend'],
  chat: ['backend-service'],
  'golden-path': ['auth', 'backend-agents', 'chat'],
  // What these find in the logs is the echo of what went wrong elsewhere.
  'no-error-3': ['cache', 'vpc-connector', 'backend-service', 'auth-service'],
  'no-1011': ['backend-ready', 'chat'],
  'no-infrastructure-errors': ['vpc-connector', 'cloud-sql', 'memorystore', 'load-balancer'],
};

/** The sign-off: short, since nothing here needs time to settle. */
export const verify = {
  rounds: 3,
  interval: '2s',
  passRate: 0.8,
  categories: {
    connectivity: {
      targets: ['vpc-connector', 'load-balancer', 'certificate', 'cache', 'memorystore', 'clickhouse', 'chat'],
      critical: true,
    },
    startup: {
      targets: ['app', 'backend-service', 'auth-service', 'backend', 'auth', 'frontend', 'backend-startup', 'backend-ready'],
      critical: true,
    },
    database: { targets: ['cloud-sql', 'orders-db', 'orders-db-socket', 'backend-schema', 'backend-database-env'], critical: true },
    agents: { targets: ['backend-agents'], critical: false },
  },
};
