/** The schema of an opening handshake and a dialogue over WebSocket, as targets and steps have it; pure data. */
import * as z from 'zod';
import { headers, isTemplate, tls, tlsProblems, urlValue } from '../config/fields';
import { tell } from '../config/partly';
import { parseUrl } from '../hosts';
import type { Endpoint, Problem } from '../probe';
import { step, stepProblems } from './steps';

/** The URL of a WebSocket. */
export const url = urlValue(['ws', 'wss']);

/** The fields of a handshake and of the dialogue after it. */
export const dialogueFields = {
  url,
  headers: headers.optional(),
  subprotocols: z.array(z.string().min(1)).min(1).optional(),
  origin: z.string().min(1).optional(),
  tls: tls.optional(),
  ping: z.boolean().default(true),
  steps: z.array(step).default([]),
};

/** A dialogue as the configuration has it. */
export type Dialogue = z.output<z.ZodObject<typeof dialogueFields>>;

/** What the handshake itself says (RFC 6455, 4.1); `subprotocols` has a field of its own. */
const handshakeHeaders = new Set([
  'connection',
  'upgrade',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
]);

function headerProblems(given: Dialogue['headers'], path: readonly (string | number)[]): readonly Problem[] {
  return Object.keys(given ?? {})
    .filter((name) => handshakeHeaders.has(name.toLowerCase()))
    .map((name) => ({
      path: [...path, 'headers', name],
      message: 'is set by the handshake itself; allowed: other headers, and subprotocols for Sec-WebSocket-Protocol',
    }));
}

function subprotocolProblems(names: readonly string[] = []): readonly Problem[] {
  return names.flatMap((name, index): Problem[] => {
    const path = ['subprotocols', index];
    if (names.indexOf(name) !== index) return [{ path, message: 'stands there twice; allowed: each subprotocol once' }];
    // RFC 6455, 4.1: a token as in HTTP. What a template yields is known only when it is sent.
    if (isTemplate(name) || /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return [];
    return [{ path, message: 'is not a subprotocol; allowed: letters, digits and -, without blanks and commas' }];
  });
}

/** @returns what is wrong with an address of the service: a dialogue's own, or one to compare with; the path leads to it. */
export function addressProblems(place: Pick<Dialogue, 'url' | 'tls' | 'headers'>, path: readonly (string | number)[]): readonly Problem[] {
  const parsed = (): ReturnType<typeof parseUrl> => (typeof place.url === 'string' ? parseUrl(place.url) : undefined);
  return [
    ...tell(() => tlsProblems(place.tls, [...path, 'tls'])),
    ...tell(() =>
      parsed()?.scheme === 'wss' && place.tls?.mode === 'disable'
        ? [{ path: [...path, 'tls', 'mode'], message: '"disable" contradicts wss in the url; allowed: ws, or another mode' }]
        : [],
    ),
    // RFC 6455, section 3: fragment identifiers are meaningless in WebSocket URIs and MUST NOT be used.
    ...tell(() => (parsed()?.url.hash ? [{ path: [...path, 'url'], message: 'has a fragment; allowed: a URL without #' }] : [])),
    ...tell(() => headerProblems(place.headers, path)),
  ];
}

/** @returns what contradicts itself in a dialogue; paths begin at its fields. */
export function dialogueProblems(dialogue: Dialogue): readonly Problem[] {
  return [
    ...addressProblems(dialogue, []),
    ...tell(() => subprotocolProblems(dialogue.subprotocols)),
    ...tell(() => stepProblems(dialogue.steps)),
  ];
}

/** @returns where a dialogue leads, as far as its URL shows it. */
export function endpointsOf(text: unknown): readonly Endpoint[] {
  const parsed = typeof text === 'string' ? parseUrl(text) : undefined;
  return parsed?.host === undefined ? [] : [{ host: parsed.host, port: parsed.port ?? (parsed.scheme === 'wss' ? 443 : 80) }];
}

/** @returns whether a dialogue surely speaks no TLS. */
export function isPlain({ url: text, tls: settings }: Pick<Dialogue, 'url' | 'tls'>): boolean {
  if (settings !== undefined) return settings.mode === 'disable';
  return typeof text === 'string' && parseUrl(text)?.scheme === 'ws';
}

/** @returns the variables that the steps of a dialogue capture. */
export function variablesOf(steps: Dialogue['steps']): readonly string[] {
  return steps.flatMap((item) => ('expect' in item ? Object.keys(item.capture ?? {}) : []));
}
