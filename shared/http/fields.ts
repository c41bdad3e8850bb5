/** The schema of an HTTP request, as targets and steps have it, and what may contradict itself in one. */
import * as z from 'zod';
import { headers, isTemplate, secretReference, secretValue, tls, tlsProblems } from '../config/fields';
import { tell } from '../config/partly';
import { parseUrl } from '../hosts';
import type { Endpoint, Problem, SecretReference } from '../probe';
import { asLiteral } from '../secrets/template';
import { unixParts } from './hop';

const urlError = 'is not a URL of a fitting scheme; allowed: http://…, https://…, unix:/path/of/socket:/path';

function isUrl(text: string): boolean {
  if (text.startsWith('${')) return true;
  if (/\s/.test(text)) return false;
  if (text.startsWith('unix:')) return unixParts(text) !== undefined;
  const parsed = parseUrl(text);
  return parsed !== undefined && /^https?$/.test(parsed.scheme) && /^[^:]+:\/\//.test(text);
}

const versionError = 'is not a version; allowed: auto, 1.1, 2';
const sizeError = 'is not a size; allowed: a number and a unit, e.g. 512KB, 1MB, 1MiB; at most 100MB';
const units: Readonly<Record<string, number>> = { B: 1, KB: 1000, KiB: 1024, MB: 1_000_000, MiB: 1_048_576 };
const largest = 100_000_000;

function bytesOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(B|KB|KiB|MB|MiB)$/.exec(text) ?? [];
  return Math.floor(Number(number) * (units[unit] ?? NaN));
}

const size = z
  .string({ error: sizeError })
  .refine((text) => bytesOf(text) > 0 && bytesOf(text) <= largest, { error: sizeError })
  .transform(bytesOf)
  .describe('A number and a unit: B, KB, KiB, MB or MiB');

/** JSON that is sent as it stands, its templates filled in. */
const jsonBody = z.json().transform((value) => (typeof value === 'object' && value !== null ? asLiteral(value) : value));

/** The fields of a request. */
export const requestFields = {
  url: z.union([z.string().refine(isUrl, { error: urlError }), secretReference]),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .optional()
    .describe('Default: POST with json or body, else GET'),
  headers: headers.optional(),
  json: jsonBody.optional().describe('Sent as JSON'),
  body: secretValue.optional(),
  tls: tls.optional(),
  redirects: z.int().min(0).max(20).default(5).describe('How many are followed; 0: none, its status is the answer'),
  version: z
    .union([z.enum(['auto', '1.1', '2']), z.literal(1.1).transform(() => '1.1' as const), z.literal(2).transform(() => '2' as const)], {
      error: versionError,
    })
    .default('auto'),
  maxBody: size.prefault('1MB').describe('The most that a body may have, as it is sent and once it is decoded'),
};

/** A request as the configuration has it. */
export type RequestFields = z.output<z.ZodObject<typeof requestFields>>;

/** What the exchange itself says, or what belongs to one connection alone (RFC 9110, 7.6.1). */
const ofExchange = new Set([
  'connection',
  'content-length',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function headerProblems(given: RequestFields['headers']): readonly Problem[] {
  const names = Object.keys(given ?? {});
  return names.flatMap((name): Problem[] => {
    const path = ['headers', name];
    if (ofExchange.has(name.toLowerCase())) return [{ path, message: 'is set by the exchange itself; allowed: other headers' }];
    const isFirst = names.find((other) => other.toLowerCase() === name.toLowerCase()) === name;
    return isFirst ? [] : [{ path, message: 'stands there twice, in another case; allowed: each header once' }];
  });
}

/** @returns what contradicts itself in a request; paths begin at its fields. */
export function requestProblems(request: RequestFields): readonly Problem[] {
  const parsed = (): ReturnType<typeof parseUrl> => (typeof request.url === 'string' ? parseUrl(request.url) : undefined);
  return [
    ...tell(() => tlsProblems(request.tls, ['tls'])),
    ...tell(() =>
      parsed()?.scheme === 'https' && request.tls?.mode === 'disable'
        ? [{ path: ['tls', 'mode'], message: '"disable" contradicts https in the url; allowed: http, or another mode' }]
        : [],
    ),
    // RFC 9110, 7.1: a fragment is never sent.
    ...tell(() => (parsed()?.url.hash ? [{ path: ['url'], message: 'has a fragment; allowed: a URL without #' }] : [])),
    ...('json' in request && 'body' in request ? [{ path: ['body'], message: 'stands beside json; allowed: one of them' }] : []),
    ...tell(() => headerProblems(request.headers)),
  ];
}

/** @returns where a request leads, as far as its URL shows it. */
export function requestEndpoints(url: string | SecretReference): readonly Endpoint[] {
  if (typeof url !== 'string' || url.startsWith('${')) return [];
  const unix = unixParts(url);
  if (unix) return isTemplate(unix.path) ? [] : [{ path: unix.path }];
  const parsed = parseUrl(url);
  return parsed?.host === undefined ? [] : [{ host: parsed.host, port: parsed.port ?? (parsed.scheme === 'https' ? 443 : 80) }];
}

/** @returns whether a request speaks no TLS; one that redirects to where it is spoken is no TLS target all the same. */
export function isPlain({ url, tls: settings }: Pick<RequestFields, 'url' | 'tls'>): boolean {
  if (settings !== undefined) return settings.mode === 'disable';
  return typeof url === 'string' && (url.startsWith('unix:') || parseUrl(url)?.scheme === 'http');
}
