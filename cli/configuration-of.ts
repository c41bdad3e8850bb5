/** The configuration that functions behind an address run with, where the address tells it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWhole, type Loaded } from '../shared/config/load';
import { describe, isError } from '../shared/fault';
import type { Kind } from '../shared/probe';
import { usualConfig, UsageError } from './command';

const limitMs = 10_000;

/** @throws UsageError where it is not told, a ConfigError where it is wrong. */
export async function configurationOf(base: URL, kinds: readonly Kind[]): Promise<Loaded> {
  const url = `${base.href.replace(/\/+$/, '')}/configuration`;
  const text = await ask(url);
  const folder = mkdtempSync(join(tmpdir(), 'synthetics-'));
  try {
    const path = join(folder, 'config.json');
    writeFileSync(path, text);
    return loadWhole(path, kinds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(url: string): Promise<string> {
  const told = (why: string): UsageError =>
    new UsageError(`there is no ${usualConfig} here, and ${url} tells no configuration (${why}); name one with --config FILE`);
  try {
    const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(limitMs) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } catch (error) {
    throw told(describe(isError(error) ? (error.cause ?? error) : error).message);
  }
}
