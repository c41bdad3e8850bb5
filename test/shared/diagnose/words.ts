/** A file of every kind, and what people read of its causes: title, how sure it is, and every sentence of the evidence. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import { graphOf } from '../../../shared/diagnose/graph';
import { loaded, ownFolder } from '../../config/written';
import { observationsOf, type Scenario } from './outage';

const file = `
network: { connector: staging-connector, egress: private-ranges-only }
secrets:
  app: { require: [{ secret: db-password }, { secret: redis-password }, { secret: api-key }] }
postgres:
  orders-db: { host: 10.0.0.2, database: app, user: probe, password: { secret: db-password } }
  reports-db: { host: 10.0.0.2, database: reports, user: probe, password: { secret: db-password } }
redis:
  cache: { host: cache.internal, password: { secret: redis-password } }
  sessions: { host: cache.internal, database: 1, password: { secret: redis-password } }
tcp:
  search: { host: search.internal, port: 9200 }
  queue: { host: 10.0.0.5, port: 5672 }
http:
  shop: { url: https://shop.example.com/, public: true }
  shop-cart: { url: https://shop.example.com/cart, headers: { x-key: "\${secret:api-key}" }, public: true }
  pay: { url: https://pay.example.com/, public: true }
  mail: { url: https://mail.example.com/, public: true }
  chat-direct: { url: https://direct.example.com/health, public: true }
  backend: { url: https://10.0.0.9/ready }
websocket:
  chat: { url: wss://chat.example.com/ws, public: true, compareWith: { url: wss://direct.example.com/ws } }
  news: { url: wss://shop.example.com/news, public: true }
platform:
  vpc: { vpcConnector: { name: staging-connector } }
  sql: { cloudSql: { instance: orders } }
  store: { memorystore: { instance: store, matches: cache } }
  wildcard: { certificate: { name: wildcard-cert, domains: ["*.example.com"] } }
  balancer: { backendService: { name: front } }
dependencies: { backend: [orders-db, cache], shop: [backend], mail: [balancer], pay: [balancer] }
`;

export const inside = ['orders-db', 'reports-db', 'cache', 'sessions', 'search', 'queue', 'backend'] as const;
export const outside = ['shop', 'shop-cart', 'pay', 'mail', 'chat-direct', 'chat', 'news'] as const;
/** The same is seen of each. */
export const each = (names: readonly string[], sight: Scenario['seen'][string]): Scenario['seen'] =>
  Object.fromEntries(names.map((name) => [name, sight]));
export const everything = ['app', ...inside, ...outside, 'vpc', 'sql', 'store', 'wildcard', 'balancer'];

/** What is seen, and all that is read of it. */
export interface Read extends Pick<Scenario, 'title' | 'seen' | 'unseen' | 'circumstances'> {
  /** One line `cause (confidence): title` a cause, below each its evidence. */
  readonly words: string;
}

function wordsOf(config: Config, { seen, unseen, circumstances }: Read): string {
  const { causes } = diagnose(graphOf(config, kinds), observationsOf(config, { seen, unseen }), circumstances);
  return causes
    .map(({ cause, title, confidence, evidence }) =>
      [`${cause} (${confidence}): ${title}`, ...evidence.map((line) => `- ${line}`)].join('\n'),
    )
    .join('\n');
}

/** Tests each; the words begin and end with a line end. */
export function testWords(reads: readonly Read[]): void {
  const folder = ownFolder();
  let config: Config;
  beforeAll(() => {
    config = loaded(folder, file);
  });
  test.each(reads)('$title', (read) => expect(`\n${wordsOf(config, read)}\n`).toBe(read.words));
}
