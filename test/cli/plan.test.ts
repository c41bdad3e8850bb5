/** `synthetics plan` from outside. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Plan } from '../../deploy/plan/plan';
import { head, ownFolder } from '../config/written';

const root = join(__dirname, '..', '..', '..');
const folder = ownFolder();

function synthetics(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'cli/synthetics.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe('synthetics plan', () => {
  test('shows people what a deployment creates, section by section, and what it costs', () => {
    const { status, stdout, stderr } = synthetics('plan', '--config', 'examples/staging.yaml');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const titles = stdout.split('\n').filter((line, index, lines) => index > 0 && lines[index - 1] === '' && line !== '');
    expect(titles).toEqual([
      'Functions',
      'Service accounts',
      'Scheduler jobs (UTC)',
      'Alert policies',
      'Monitoring',
      expect.stringMatching(/^Cost a month, USD, by prices of \d{4}-\d{2}$/),
      'Quotas',
      'Notes',
    ]);
    expect(stdout).toMatch(
      /synthetics-staging-postgres +512 MiB .* 123 s +connector staging-connector, private-ranges-only; Cloud SQL my-/,
    );
    expect(stdout).toMatch(/synthetics-staging-http-200 +\*\/2 \* \* \* \* +2 +91s +139 s +auth-ready, backend-ready\n/);
    expect(stdout).toMatch(/\n {2}sum +\d+\.\d\d\n/);
    expect(stdout.split('\n').filter((line) => line.endsWith(' '))).toEqual([]);
  });

  test('gives machines the same as JSON', () => {
    const { status, stdout, stderr } = synthetics('plan', '--json', '--config', 'examples/minimal.yaml');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const plan = JSON.parse(stdout) as Plan;
    expect(plan).toMatchObject({ environment: 'staging', project: 'my-project', region: 'us-central1' });
    expect(plan.jobs.map(({ name }) => name)).toEqual(['synthetics-staging-http-0', 'synthetics-staging-diagnose-0']);
    expect([plan.descriptors, plan.policies, plan.dashboard.mosaicLayout.tiles].map(({ length }) => length > 0)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('shows no value that may be secret', () => {
    const path = folder.write('secret.yaml', `${head}redis: { cache: { host: a.internal, password: hunter2 } }\n`);
    expect(synthetics('plan', '--config', path).stdout).not.toContain('hunter2');
  });

  test('ends with 1 where a quota is exceeded, and says which', () => {
    const secrets = Array.from({ length: 400 }, (_, index) => `{ secret: s-${index} }`).join(', ');
    const path = folder.write('large.yaml', `${head}secrets: { app: { require: [${secrets}] } }\n`);
    const { status, stdout } = synthetics('plan', '--config', path);
    expect(status).toBe(1);
    expect(stdout).toMatch(/This plan does not fit\n {2}- Secret Manager: metadata reads a minute: 800 needed, 600 allowed\n$/);
  });

  test('ends with 2 where the configuration is wrong', () => {
    const path = folder.write('wrong.yaml', `${head}redis: { cache: {} }\n`);
    expect(synthetics('plan', '--config', path)).toMatchObject({ status: 2, stdout: '' });
  });
});
