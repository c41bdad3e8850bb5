/** Writes the configuration of the embedded stack: a file as users write it, with the ports that its servers happen to have. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { compile } from '../../shared/config/compile';
import type { Config } from '../../shared/config/config';
import { loadConfig } from '../../shared/config/load';
import type { Kind } from '../../shared/probe';
import { operator } from './identity-proxy';
import { routes } from './routes';
import { sections } from './sections';
import { schedule } from './sections/section';
import { dependencies, verify } from './sections/sign-off';
import { project, type Services } from './services';

/** What the stack is called, and where it seems to be. */
export const [environment, region] = ['local', 'us-central1'];

/** The configuration, loaded, and where the functions find it compiled. */
export interface Configuration {
  readonly config: Config;
  readonly yaml: string;
  readonly compiled: string;
}

function documentOf(kinds: readonly Kind[], services: Services): object {
  const ofKinds = kinds.flatMap(({ name }) => {
    const section = sections[name];
    return section ? [[name, section(services)] as const] : [];
  });
  return {
    environment,
    project,
    region,
    forbiddenHosts: ['*.staging.example.com'],
    network: { connector: 'staging-connector', egress: 'private-ranges-only' },
    defaults: { schedule, timeout: '3s', severity: 'critical', confirm: { attempts: 2, interval: '500ms' } },
    ...Object.fromEntries(ofKinds),
    dependencies,
    verify,
    alerts: { routes },
    status: { operators: [`user:${operator}`] },
  };
}

/**
 * Writes `synthetics.yaml` and, compiled as for a deployment, `config.json` into the folder.
 * @throws ConfigError where the file does not keep the configuration's own rules
 */
export function writeConfiguration(folder: string, kinds: readonly Kind[], services: Services): Configuration {
  mkdirSync(folder, { recursive: true });
  const yaml = join(folder, 'synthetics.yaml');
  const compiled = join(folder, 'config.json');
  writeFileSync(yaml, stringify(documentOf(kinds, services)));
  writeFileSync(compiled, compile(yaml, kinds));
  return { config: loadConfig(compiled, kinds), yaml, compiled };
}
