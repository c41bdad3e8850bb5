/** Everything that can be broken in the embedded stack. */
import { chatFaults } from './faults/chat';
import { clickHouseFaults } from './faults/clickhouse';
import { databaseFaults } from './faults/database';
import type { Fault } from './faults/fault';
import { googleFaults } from './faults/google';
import { healthFaults } from './faults/health';
import { loadBalancerFaults } from './faults/load-balancer';
import { platformFaults } from './faults/platform';
import { redisFaults } from './faults/redis';
import { secretFaults } from './faults/secrets';

/** Every fault, by what it belongs to. */
export const faults: readonly Fault[] = [
  ...databaseFaults,
  ...redisFaults,
  ...clickHouseFaults,
  ...chatFaults,
  ...healthFaults,
  ...loadBalancerFaults,
  ...platformFaults,
  ...secretFaults,
  ...googleFaults,
];
