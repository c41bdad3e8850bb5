/** What a command of the recorded gcloud works with: its settings, and requests to the APIs where the settings say they are. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { objectOf, textOf } from '../rest';
import type { Document } from '../rest';

/** A command that failed: what stands behind `ERROR: (gcloud.…)`. */
export class GcloudError extends Error {
  constructor(
    message: string,
    /** Whole lines that come first. */
    readonly before: readonly string[] = [],
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = 'GcloudError';
  }
}

/** An API that refused. */
export class RefusedError extends Error {
  constructor(
    readonly code: number,
    readonly status: string,
    message: string,
  ) {
    super(message);
    this.name = 'RefusedError';
  }
}

/** One request. */
export interface Asked {
  readonly api: string;
  readonly method: string;
  /** Put before the host's name, where the API has an address a region. */
  readonly region?: string;
  /** Without the leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Document;
}

/** The settings of a run, and its way to the APIs. */
export interface Session {
  readonly project: string;
  readonly token: () => string;
  /** Where the API is. */
  readonly endpoint: (api: string) => string;
  /** `section/property` to its value, as the environment sets them. */
  readonly properties: Readonly<Record<string, string>>;
  /** @throws RefusedError */
  readonly ask: (asked: Asked) => Promise<Document>;
  /** @throws RefusedError */
  readonly upload: (url: string, content: Buffer) => Promise<void>;
}

const sections = ['api_endpoint_overrides', 'component_manager', 'auth', 'core', 'run', 'functions'];
/** As the real one does: answers that may pass are asked for again. */
const triesAgain = 4;
const pauseMs = 200;

/** @param environment the process's own. @param project from the command line */
export function createSession(environment: NodeJS.ProcessEnv, project: string | undefined): Session {
  const properties = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const section = sections.find((one) => name.startsWith(`CLOUDSDK_${one.toUpperCase()}_`));
      if (section === undefined || value === undefined) return [];
      return [[`${section}/${name.slice(`CLOUDSDK_${section}_`.length).toLowerCase()}`, value]];
    }),
  );
  const token = (): string => {
    const file = properties['auth/access_token_file'];
    if (file === undefined) {
      throw new GcloudError(
        'You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud auth login\n\nto obtain new credentials.',
      );
    }
    return readFileSync(file, 'utf8').trim();
  };
  const proxy = environment['http_proxy'];
  const endpoint = (api: string): string => properties[`api_endpoint_overrides/${api}`] ?? `https://${api}.googleapis.com/`;
  const send = async (method: string, url: string, headers: Record<string, string>, body?: Buffer): Promise<Document> => {
    for (let tries = 0; ; tries += 1) {
      const answer = await exchange({ proxy, method, url, headers, body }).catch((error: unknown) => error as Error);
      const passes = answer instanceof Error || answer.code >= 500;
      if (passes && tries < triesAgain) {
        await sleep(pauseMs);
        continue;
      }
      if (answer instanceof Error) throw new GcloudError(`There was a problem refreshing your current auth tokens: ${answer.message}`);
      if (answer.code < 400) return answer.body;
      const { status, message } = objectOf(answer.body['error']);
      throw new RefusedError(answer.code, textOf(status), textOf(message));
    }
  };
  return {
    project: project ?? properties['core/project'] ?? '',
    properties,
    token,
    endpoint,
    async ask({ api, method, region, path, query, body }) {
      const base = region !== undefined && api === 'run' ? endpoint(api).replace('://', `://${region}-`) : endpoint(api);
      const url = `${base}${path}?${new URLSearchParams({ alt: 'json', ...query }).toString()}`;
      const headers = { authorization: `Bearer ${token()}`, 'content-type': 'application/json' };
      return send(method, url, headers, body && Buffer.from(JSON.stringify(body)));
    },
    async upload(url, content) {
      await send('PUT', url, { 'content-type': 'application/zip' }, content);
    },
  };
}

interface Exchange {
  readonly proxy: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}

async function exchange({ proxy, method, url, headers, body }: Exchange): Promise<{ readonly code: number; readonly body: Document }> {
  const target = new URL(url);
  const { hostname, port } = proxy === undefined ? target : new URL(proxy);
  const path = proxy === undefined ? `${target.pathname}${target.search}` : url;
  const length = { 'content-length': String(body?.length ?? 0) };
  const { code, text } = await new Promise<{ readonly code: number; readonly text: string }>((fulfil, reject) => {
    // An agent of its own: Node's may use the proxy by itself (NODE_USE_ENV_PROXY).
    const asked = request({ agent: new Agent(), hostname, port, method, path, headers: { ...headers, ...length, host: target.host } });
    asked.once('error', reject);
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => fulfil({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.end(body);
  });
  return { code, body: text === '' ? {} : (JSON.parse(text) as Document) };
}
