/** Chromium, as the system has it, for tests of what people see. */
import { type Browser, chromium } from 'playwright-core';

/** Starts it; whoever starts it closes it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}
