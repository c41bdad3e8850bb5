/** What people read at night of certificates, load balancers, the monitor, servers, endpoints and single targets. */
import { each, everything, inside, outside, testWords } from './words';

testWords([
  {
    title: 'the certificate of one host, seen by one',
    seen: { mail: 'certificate_not_yet_valid' },
    words: `
certificate/mail.example.com (medium): The certificate of mail.example.com is no good: not yet valid
- 1 fails with certificate_not_yet_valid: mail
`,
  },
  {
    title: 'the certificate of one host, seen by several',
    seen: { shop: 'certificate_expired', 'shop-cart': 'certificate_expired', news: 'certificate_expired' },
    words: `
certificate/shop.example.com (high): The certificate of shop.example.com is no good: expired
- 3 fail with certificate_expired: news, shop, shop-cart
`,
  },
  {
    title: 'a certificate that the control plane finds expired',
    seen: {
      wildcard: { reason: 'certificate_expired', message: 'expired 3 d ago' },
      mail: 'certificate_expired',
      pay: 'certificate_expired',
    },
    words: `
certificate/wildcard-cert (high): The certificate of mail.example.com, pay.example.com is no good: expired
- wildcard (platform) fails with certificate_expired: expired 3 d ago
- 2 fail with certificate_expired: mail, pay
`,
  },
  {
    title: 'headers are stripped',
    seen: { chat: { reason: 'headers_stripped', message: 'called directly, it is let in', phase: 'upgrade' } },
    words: `
load-balancer/chat.example.com (high): The load balancer of chat.example.com fails, the service behind it does not
- chat (websocket) fails in upgrade with headers_stripped: called directly, it is let in
- called directly, direct.example.com:443 works
- 1 by way of chat.example.com fails: chat
`,
  },
  {
    title: 'the load balancer fails alone',
    seen: { chat: 'bad_gateway' },
    words: `
load-balancer/chat.example.com (high): The load balancer of chat.example.com fails, the service behind it does not
- called directly, direct.example.com:443 works
- 1 by way of chat.example.com fails: chat
`,
  },
  {
    title: 'nothing can be told',
    seen: each(everything, { reason: 'internal', message: 'out of order' }),
    words: `
prober (high): Nothing can be told: the monitor itself is at fault, or its access
- 20 of 20 targets could not be told
- out of order
`,
  },
  {
    title: 'some can not be told',
    seen: { mail: { reason: 'prober_exhausted', message: 'too many files' }, pay: 'prober_exhausted', vpc: 'api_denied' },
    words: `
prober/prober_exhausted (high): The monitor can't tell: prober exhausted
- 2 of 20 targets could not be told: mail, pay
- too many files
prober/api_denied (high): The monitor can't tell: api denied
- 1 of 20 targets could not be told: vpc
`,
  },
  {
    title: 'more are concerned than are listed',
    seen: each([...outside, ...inside], 'prober_exhausted'),
    words: `
prober/prober_exhausted (high): The monitor can't tell: prober exhausted
- 14 of 20 targets could not be told: backend, cache, chat, chat-direct, mail and 9 more
`,
  },
  {
    title: 'a Cloud SQL instance that stops',
    seen: {
      sql: { reason: 'resource_not_ready', message: 'state is STOPPED' },
      'orders-db': 'connect_refused',
      'reports-db': 'connect_refused',
      backend: 'assertion_failed',
    },
    words: `
cloud-sql/orders (high): The Cloud SQL instance orders is not as it should be: resource not ready
- sql (platform) fails with resource_not_ready: state is STOPPED
- 3 that need it fail, too
`,
  },
  {
    title: 'all on a Cloud SQL instance fails that is said to be well',
    seen: {
      'orders-db': 'too_many_connections',
      'reports-db': 'too_many_connections',
      backend: 'assertion_failed',
      shop: 'unexpected_status',
    },
    words: `
cloud-sql/orders (medium): All that leads to the Cloud SQL instance orders fails: too many connections
- 2 of 2 targets on it fail (2 too_many_connections): orders-db, reports-db
- sql: the control plane says that it is well
- 2 that need it fail, too
`,
  },
  {
    title: 'a cache that is not ready',
    seen: { store: 'resource_not_ready' },
    words: `
memorystore/store (high): The Memorystore instance store is not as it should be: resource not ready
- store (platform) fails with resource_not_ready
`,
  },
  {
    title: 'two that need one load balancer fail on two hosts',
    seen: { pay: 'bad_gateway', mail: 'bad_gateway' },
    words: `
load-balancer/front (medium): Nothing works behind the load balancer front: bad gateway
- 2 of 2 targets that need it fail, on 2 hosts (2 bad_gateway): mail, pay
- balancer: the control plane says that it is well
`,
  },
  {
    title: 'nothing works at an endpoint',
    seen: { shop: 'timeout', 'shop-cart': 'timeout', news: 'timeout' },
    words: `
endpoint/shop.example.com:443 (high): Nothing works at shop.example.com:443: timeout
- 3 of 3 targets seen there fail, e.g. news (websocket) fails with timeout
`,
  },
  {
    title: 'one protocol fails at an endpoint',
    seen: { shop: 'unexpected_status', 'shop-cart': 'unexpected_status' },
    words: `
endpoint/shop.example.com:443 (high): Targets that speak HTTP at shop.example.com:443 fail: unexpected status
- 2 targets that speak HTTP there fail, e.g. shop (http) fails with unexpected_status
`,
  },
  {
    title: 'a target by itself, and one that needs it',
    seen: { 'orders-db': { reason: 'query_failed', message: 'no such table', phase: 'query' }, backend: 'assertion_failed' },
    words: `
target/orders-db (high): orders-db fails: query failed
- orders-db (postgres) fails in query with query_failed: no such table
- 1 that needs it fails, too
`,
  },
  {
    title: 'a target by itself, and two that need it',
    seen: { backend: { reason: 'timeout', message: 'x'.repeat(300) }, shop: 'unexpected_status', 'shop-cart': 'unexpected_status' },
    words: `
target/backend (high): backend fails: timeout
- backend (http) fails with timeout: ${'x'.repeat(199)}…
- 1 that needs it fails, too
target/shop-cart (high): shop-cart fails: unexpected status
- shop-cart (http) fails with unexpected_status
`,
  },
  {
    title: 'a target whose needs are degraded or not known',
    seen: { cache: { reason: 'too_slow', outcome: 'degraded', message: 'took 900 ms' }, backend: 'assertion_failed' },
    unseen: ['orders-db'],
    words: `
target/backend (medium): backend fails: assertion failed
- backend (http) fails with assertion_failed
- cache (redis) is degraded with too_slow: took 900 ms; backend needs it
- nothing is known of orders-db, which it needs
`,
  },
]);
