/** Everything that can be broken in the embedded stack. */
import { chatFaults } from './faults/chat';
import { databaseFaults } from './faults/database';
import type { Fault } from './faults/fault';
import { googleFaults } from './faults/google';
import { redisFaults } from './faults/redis';
import { secretFaults } from './faults/secrets';

/** Every fault, by what it belongs to. */
export const faults: readonly Fault[] = [...databaseFaults, ...redisFaults, ...chatFaults, ...secretFaults, ...googleFaults];
