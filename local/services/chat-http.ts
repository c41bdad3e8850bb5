/** The HTTP half of the chat application: health documents and the login. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { ChatFaults, ChatOptions } from './chat-faults';
import { healthDocuments } from './chat-health';

/** What the handler asks anew at each request. */
export interface HttpContext {
  readonly options: ChatOptions;
  readonly faults: () => ChatFaults;
  readonly token: () => string;
}

const login = z.object({ email: z.string(), password: z.string() });
const bodyLimit = 65_536;

/** Answers `GET` of every health path, and `POST /auth/login` with `{"access_token":"…"}`. */
export function createHttpHandler({ options, faults, token }: HttpContext): RequestListener {
  const documents = healthDocuments(options.version ?? '1.0.0');
  return (request, response) => {
    // Not by URL, which throws at paths such as //.
    const [path = '/'] = (request.url ?? '/').split('?');
    const fault = faults().http?.[path];
    if (fault?.hang) {
      request.resume();
      return;
    }
    const reply = (): void => void respond({ request, response, path, documents, options, fault, token: token() });
    if (fault?.delayMs === undefined) {
      reply();
      return;
    }
    const timer = setTimeout(reply, fault.delayMs);
    response.once('close', () => clearTimeout(timer));
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly documents: ReadonlyMap<string, object>;
  readonly options: ChatOptions;
  readonly fault: NonNullable<ChatFaults['http']>[string] | undefined;
  readonly token: string;
}

async function respond({ request, response, path, documents, options, fault, token }: Exchange): Promise<void> {
  const [status, document] = path === '/auth/login' ? await logIn(request, options, token) : show(request, documents.get(path));
  send(response, fault?.status ?? status, fault && 'body' in fault ? fault.body : document);
}

function show(request: IncomingMessage, document: object | undefined): [number, object] {
  request.resume();
  if (document === undefined) return [404, { error: 'not found' }];
  if (request.method !== 'GET' && request.method !== 'HEAD') return [405, { error: 'method not allowed' }];
  return [200, document];
}

async function logIn(request: IncomingMessage, { users = {} }: ChatOptions, token: string): Promise<[number, object]> {
  if (request.method !== 'POST') return [405, { error: 'method not allowed' }];
  const presented = login.safeParse(await readJson(request));
  if (!presented.success) return [400, { error: 'expected {"email":"…","password":"…"}' }];
  const { email, password } = presented.data;
  if (!Object.hasOwn(users, email) || users[email] !== password) return [401, { error: 'wrong e-mail address or password' }];
  return [200, { access_token: token, token_type: 'bearer' }];
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) return undefined;
  try {
    return JSON.parse(await text(request));
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, document: unknown): void {
  const body = JSON.stringify(document) ?? '';
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
