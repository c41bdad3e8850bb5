import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { kinds } from '../../functions/kinds';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { loadConfig } from '../../shared/config/load';

const readme = readFileSync(resolve(__dirname, '../../../README.md'), 'utf8');

test('the configuration in the README is valid', async () => {
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(blocks.length).toBeGreaterThan(0);
  const folder = await temporaryFolder('vpc-synthetics-readme-');
  try {
    for (const block of blocks) {
      const path = join(folder, 'synthetics.yaml');
      writeFileSync(path, block);
      expect(loadConfig(path, kinds).targets.length).toBeGreaterThan(0);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the README speaks of every kind', () => {
  for (const { name } of kinds) expect(readme).toMatch(new RegExp(`\\| \`${name}\` +\\|`));
});
