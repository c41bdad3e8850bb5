/** What an uptime check can ask of a target: it knows no secrets, no client certificates, no dialogue, and reads its configuration aloud. */
import type { Target } from '../../shared/config/config';
import { isTemplate } from '../../shared/config/fields';
import { parseUrl } from '../../shared/hosts';

/** A target as it can be asked from outside. */
export interface Outside {
  readonly host: string;
  /** `httpCheck` or `tcpCheck` of google.monitoring.v3.UptimeCheckConfig. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Why only an answer is asked for, and not a good one. */
  readonly lacks?: string;
}

interface Spec {
  readonly url?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly json?: unknown;
  readonly body?: unknown;
  readonly redirects?: number;
  readonly tls?: {
    readonly mode?: string;
    readonly ca?: unknown;
    readonly cert?: unknown;
    readonly serverName?: string;
  };
}

const isPlainText = (value: unknown): value is string => typeof value === 'string' && !isTemplate(value);

/** @returns why a request can't be made as the target makes it, or undefined where it can. */
function lackOf(target: Target, spec: Spec): string | undefined {
  const { method = spec.json === undefined && spec.body === undefined ? 'GET' : 'POST', headers = {}, redirects } = spec;
  if (target.kind === 'websocket') return "it is a WebSocket, which an uptime check can't open";
  if (Object.values(headers).some((value) => !isPlainText(value))) return 'its headers hold secrets';
  if (method !== 'GET') return `it is asked by ${method}, which should not be repeated from several regions`;
  const { status = ['2xx'] } = target.expect as { readonly status?: readonly (number | string)[] };
  // An uptime check follows redirects whatever comes.
  if (redirects === 0 && status.some((wanted) => String(wanted).startsWith('3')))
    return 'a redirect is expected of it, which an uptime check follows';
  return undefined;
}

/** A status or a class such as `2xx` as google.monitoring.v3 has it. */
const statusOf = (wanted: number | string): object =>
  typeof wanted === 'number' ? { statusValue: wanted } : { statusClass: `STATUS_CLASS_${wanted.toUpperCase()}` };

function webRequest(target: Target, spec: Spec): Outside | string {
  if (!isPlainText(spec.url)) return 'its URL holds a secret';
  const parsed = parseUrl(spec.url);
  if (parsed?.host === undefined || !/^(https?|wss?)$/.test(parsed.scheme)) return 'it has no host';
  // A login in the URL is a secret, whoever wrote it there.
  if (parsed.url.username !== '' || parsed.url.password !== '') return 'its URL holds a login';
  const secure = parsed.scheme === 'https' || parsed.scheme === 'wss';
  const { mode = 'verify-full', ca, cert, serverName } = spec.tls ?? {};
  if (cert !== undefined) return 'it asks for a client certificate';
  const lacks = lackOf(target, spec);
  const { status = ['2xx'] } = target.expect as { readonly status?: readonly (number | string)[] };
  const headers = lacks === undefined ? (spec.headers ?? {}) : {};
  const httpCheck = {
    requestMethod: 'GET',
    useSsl: secure,
    // An authority of one's own is unknown to the checkers.
    validateSsl: secure && mode === 'verify-full' && ca === undefined && serverName === undefined,
    path: `${parsed.url.pathname}${parsed.url.search}`,
    port: parsed.port ?? (secure ? 443 : 80),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    acceptedResponseStatusCodes: lacks === undefined ? status.map(statusOf) : [{ statusClass: 'STATUS_CLASS_ANY' }],
  };
  return { host: parsed.host, request: { httpCheck }, ...(lacks === undefined ? {} : { lacks }) };
}

function tcpRequest({ host, port }: Spec): Outside | string {
  if (!isPlainText(host)) return 'its host is a secret';
  if (host.startsWith('/') || typeof port !== 'number') return 'it is a unix socket';
  return { host, request: { tcpCheck: { port } } };
}

/** @returns the request, or why there can be none: content, certificates of one's own and dialogues are left to the prober. */
export function requestOf(target: Target): Outside | string {
  const spec = target.spec as Spec;
  if (target.kind === 'http' || target.kind === 'websocket') return webRequest(target, spec);
  if (target.kind === 'tcp') return tcpRequest(spec);
  return `uptime checks know HTTP and TCP, not ${target.kind}`;
}
