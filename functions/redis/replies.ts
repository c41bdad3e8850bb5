/** What the error replies of Redis, Valkey and the proxies in front of them mean (redis.io, "Redis serialization protocol", errors). */
import type { Reason } from '../../shared/reasons';

/** What is known of an error reply. */
export interface Explanation {
  readonly reason: Reason;
  /** The first word of an error reply. */
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

/** By the first word of the reply. */
const reasonsByCode: Readonly<Record<string, Reason>> = {
  WRONGPASS: 'credentials_rejected',
  NOAUTH: 'credentials_rejected',
  NOPERM: 'permission_denied',
  DENIED: 'permission_denied',
  LOADING: 'starting_up',
  READONLY: 'read_only',
  MISCONF: 'read_only',
  NOREPLICAS: 'read_only',
  OOM: 'out_of_memory',
  MASTERDOWN: 'replication_lagging',
  MOVED: 'not_primary',
  ASK: 'not_primary',
  TRYAGAIN: 'not_primary',
  CLUSTERDOWN: 'not_primary',
  REDIRECT: 'not_primary',
  UNBLOCKED: 'not_primary',
  BUSY: 'overloaded',
};

const clusterHint =
  'This node of a cluster does not serve the key. Probe the configuration or discovery endpoint, or set `roundTrip: false`.';

const hintsByCode: Readonly<Record<string, string>> = {
  DENIED:
    'The server is in protected mode: it has no password and answers on its own machine only. Set a password, or `protected-mode no`.',
  MISCONF: 'The server could not save its data and refuses writes. Check the disk behind it: space, permissions; see its own log.',
  NOREPLICAS: 'Fewer replicas are connected than `min-replicas-to-write` asks for. Check the replicas and the network between them.',
  BUSY: 'A script or function blocks the server. Find it, or end it with SCRIPT KILL or FUNCTION KILL.',
  CLUSTERDOWN: 'The cluster does not serve all of its slots. Check its nodes with CLUSTER INFO and CLUSTER NODES.',
  MOVED: clusterHint,
  ASK: clusterHint,
};

/** The code ERR says nothing by itself; its text does, as servers of all ages write it. */
const texts: readonly { readonly pattern: RegExp; readonly reason: Reason; readonly hint?: string }[] = [
  { pattern: /max(imum)? number of clients/i, reason: 'too_many_connections' },
  {
    pattern: /no password is set|without any password configured/i,
    reason: 'credentials_rejected',
    hint: 'The server asks for no password, but the target has one. Set it at the server, or take it out of the target.',
  },
  {
    pattern: /wrong number of arguments for '?auth/i,
    reason: 'credentials_rejected',
    hint: 'The server is older than Redis 6 and knows no user names. Give the password alone.',
  },
  // Before Redis 6, and before 2.6.
  { pattern: /invalid password|operation not permitted/i, reason: 'credentials_rejected' },
  { pattern: /DB index is out of range|invalid DB index|SELECT is not allowed/i, reason: 'database_missing' },
  {
    pattern: /unknown command/i,
    reason: 'permission_denied',
    hint: 'The server does not know the command: renamed or disabled (`rename-command`), or a proxy that does not pass it on.',
  },
];

/** @returns the meaning of an error reply; undefined for any other error. */
export function explainReply(error: unknown): Explanation | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  // The arguments that a server repeats may be a password.
  const message = error.message.replace(/,? ?with args beginning with:.*$/s, '');
  // A word that is no code may be anything, also a value of ours that the server repeats.
  const [word = ''] = message.split(' ', 1);
  const code = /^[A-Z]{2,32}$/.test(word) ? word : undefined;
  const byCode = code !== undefined && Object.hasOwn(reasonsByCode, code) ? reasonsByCode[code] : undefined;
  if (code !== undefined && byCode) return { reason: byCode, code, message, hint: hintsByCode[code] };
  const known = texts.find(({ pattern }) => pattern.test(message));
  return { reason: known?.reason ?? 'protocol_error', code, message, hint: known?.hint };
}
