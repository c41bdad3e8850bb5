/** The cache. */
import { secret, type Section } from './section';

export const redis: Section = () => ({
  cache: { url: secret('redis-url'), expect: { role: 'master' }, warn: { memoryUtilizationBelow: 0.9 } },
});
