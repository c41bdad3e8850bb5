/** Jobs ask what their function takes: read by the function's own code, against the function's own configuration. */
import type { Request } from '@google-cloud/functions-framework';
import { join } from 'node:path';
import { buildPlan } from '../../../deploy/plan/build';
import { kinds } from '../../../functions/kinds';
import { loadWhole } from '../../../shared/config/load';
import { runEnd } from '../../../shared/run/run';
import { readRequest } from '../../../shared/serve/request';
import { functionOf, loadedText } from '../../support/planning';

const examples = join(__dirname, '..', '..', '..', '..', 'examples');
const plan = buildPlan(loadWhole(join(examples, 'staging.yaml'), kinds), { kinds, services: [] });

describe.each(plan.jobs.map((job) => [job.name, job] as const))('the job %s', (_, job) => {
  const deployed = functionOf(plan, job.kind);
  const { config } = loadedText(deployed.config, 'config.json');
  const own = config.targets.filter(({ kind }) => kind === job.kind);
  const request = { originalUrl: '/', rawBody: Buffer.from(job.body), headers: { 'x-cloudscheduler': 'true' } } as unknown as Request;

  test('asks for its targets as a scheduled shard', async () => {
    const asked = await readRequest(request, own);
    expect(asked.targets.map(({ name }) => name)).toEqual(job.targets);
    expect(asked).toMatchObject({ trigger: 'schedule', shard: job.shard, record: true, format: 'json' });
  });

  test('leaves the engine time for every attempt, and the answer time before anybody gives up', async () => {
    const { targets } = await readRequest(request, own);
    const secretsMs = 8_000;
    const end = runEnd(targets, 0, secretsMs, deployed.timeoutSeconds * 1000);
    expect(end).toBeGreaterThanOrEqual(secretsMs + job.budgetMs);
    expect(job.attemptDeadlineSeconds * 1000).toBeGreaterThanOrEqual(secretsMs + job.budgetMs + 30_000);
    expect(deployed.timeoutSeconds).toBeGreaterThanOrEqual(job.attemptDeadlineSeconds);
  });
});
