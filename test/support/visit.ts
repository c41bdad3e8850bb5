/** Somebody at the page of the embedded stack, with a keyboard alone; and what goes wrong meanwhile. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import type { Browser, Locator, Page } from 'playwright-core';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { type Live, startLive } from '../../local/live';
import { createScreen } from '../../local/screen';
import { type Gateway, startGateway } from '../../local/stack/gateway';
import { type Stack, startStack } from '../../local/stack/stack';
import { startBrowser } from './browser';
import { until } from './until';

/** A visit; the page is open. */
export interface Visit {
  readonly stack: Stack;
  /** `http://127.0.0.1:port/` */
  readonly url: string;
  readonly page: Page;
  /** What `npm start` would have printed so far. */
  readonly printed: () => string;
  /** What the browser logged, refused, threw or did not get, and what it asked of others than the page's server. */
  readonly complaints: readonly string[];
  /** Presses Tab, or what goes back, until something has the focus. Throws where that is never so. */
  reach(goal: Locator, key?: 'Tab' | 'Shift+Tab'): Promise<void>;
  /** Reaches something and presses a key there. */
  press(goal: Locator, key: string): Promise<void>;
  /** Goes to a view by its link. */
  go(view: string): Promise<void>;
  /** Keeps a picture of what is in the window, or in one of another height. */
  picture(name: string, height?: number): Promise<void>;
  /** What an emulated API answers, by its path; a body is posted. */
  fromGoogle<T>(path: string, body?: object): Promise<T>;
  /** Ends everything. */
  leave(): Promise<void>;
}

const root = resolve(__dirname, '../../..');
/** Pictures are always made, and put where they are asked for. */
const pictures = resolve(root, process.env['SCREENSHOTS'] ?? 'build/screenshots');
const window = { width: 1280, height: 800 };
const mostPresses = 400;
/** A busy machine now and then makes a minute of which nobody can tell how it was; the next ones do. */
const patienceMs = 300_000;

/** Starts the stack with its schedule and its alerts, and opens the page. */
export async function startVisit(): Promise<Visit> {
  const ends: (() => Promise<unknown>)[] = [];
  const leave = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    return await begin(ends, leave);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function begin(ends: (() => Promise<unknown>)[], leave: () => Promise<void>): Promise<Visit> {
  const gateway = await startGateway(0);
  ends.push(() => gateway.close());
  const stack = await startStack({ kinds, say: () => undefined });
  ends.push(() => stack.stop());
  const { live, printed } = watched(stack, gateway);
  ends.push(() => live.stop());
  // What the page is told first, it is told for a minute.
  await until(() => /journey\/golden-path {2}SUCCESS/.test(printed()), patienceMs);
  const browser = await startBrowser();
  ends.push(() => browser.close());
  const url = `http://127.0.0.1:${gateway.port}/`;
  const { page, complaints } = await open(browser, url);
  const address = stack.services.platform.address;
  return {
    stack,
    url,
    page,
    printed,
    complaints,
    leave,
    ...keyboard(page),
    picture: (name, height) => picture(page, name, height),
    async fromGoogle<T>(path: string, body?: object) {
      const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
      return (await (await fetch(`http://${address}/${path}`, init)).json()) as T;
    },
  };
}

function watched(stack: Stack, gateway: Gateway): { readonly live: Live; readonly printed: () => string } {
  let printed = '';
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      printed += chunk.toString();
      done();
    },
  });
  const screen = createScreen(output, () => '');
  return { live: startLive(stack, gateway, screen, { kinds, services }), printed: () => printed };
}

async function open(browser: Browser, url: string): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({ viewport: window, permissions: ['clipboard-read', 'clipboard-write'] });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  // What the page's policy forbids is logged, too.
  context.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  context.on('weberror', (thrown) => complaints.push(`thrown: ${thrown.error().message}`));
  context.on('requestfailed', (request) => {
    const how = `${request.url()}: ${request.failure()?.errorText}`;
    // Chromium calls a stream aborted where the page reads its end before the browser itself sees it.
    if (how !== `${url}api/verify: net::ERR_ABORTED`) complaints.push(how);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
  });
  context.on('request', (request) => {
    if (![url, 'data:', `blob:${url}`].some((start) => request.url().startsWith(start))) complaints.push(`${request.url()}: asked for`);
  });
  await page.goto(url);
  return { page, complaints };
}

function keyboard(page: Page): Pick<Visit, 'reach' | 'press' | 'go'> {
  const reach: Visit['reach'] = async (goal, key = 'Tab') => {
    await goal.waitFor();
    const reached = goal.and(page.locator(':focus'));
    for (let presses = 0; presses <= mostPresses; presses += 1) {
      if ((await reached.count()) > 0) return;
      await page.keyboard.press(key);
    }
    throw new Error(`not reached by ${key}: ${goal.toString()}`);
  };
  const press: Visit['press'] = async (goal, key) => {
    await reach(goal);
    await page.keyboard.press(key);
  };
  return {
    reach,
    press,
    async go(view) {
      await reach(page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view, exact: true }), 'Shift+Tab');
      await page.keyboard.press('Enter');
      await page.locator('h1:focus').waitFor();
    },
  };
}

async function picture(page: Page, name: string, tall = window.height): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const { width } = window;
  await page.setViewportSize({ width, height: tall });
  const foot = await page.getByRole('contentinfo').boundingBox();
  const height = Math.min(tall, Math.ceil(foot ? foot.y + foot.height : tall));
  const clip = { x: 0, y: 0, width, height };
  await page.screenshot({ path: join(pictures, `${name}.png`), clip, animations: 'disabled', caret: 'hide' });
  await page.setViewportSize(window);
}
