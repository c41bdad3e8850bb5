/** What can be broken in the chat application, and how it crosses from one process to another. */
import * as z from 'zod';

const httpAnswer = z.strictObject({
  status: z.int().min(100).max(599).optional(),
  /** Sent as JSON in place of the usual document. */
  body: z.unknown().optional(),
  /** The request is read and never answered. */
  hang: z.boolean().optional(),
  delayMs: z.number().nonnegative().optional(),
});

/** Every fault, all off when absent. */
export const chatFaultsSchema = z.strictObject({
  /** Each WebSocket connection is upgraded, then closed with this code, e.g. 1011 or 1013; open ones at once. */
  closeWith: z.int().min(1000).max(4999).optional(),
  /** Each upgrade is refused with this status; `retryAfter` is the header's value in seconds. */
  rejectWith: z.strictObject({ status: z.int().min(300).max(599), retryAfter: z.int().nonnegative().optional() }).optional(),
  /** `upgrade`: an upgrade gets no answer at all; `messages`: it succeeds, then neither messages nor pings are answered. */
  silent: z.enum(['upgrade', 'messages']).optional(),
  /** Chosen instead of the right subprotocol; `null`: none is chosen. */
  subprotocol: z.string().nullable().optional(),
  /** Acts as behind a load balancer that drops these request headers: logins by them fail. */
  dropHeaders: z.array(z.string()).optional(),
  /** Events after the first n of an answer never come. */
  eventsAtMost: z.int().nonnegative().optional(),
  /** `tool_completed` comes before `tool_executing`. */
  eventsSwapped: z.boolean().optional(),
  /** Every event goes to all who are connected, not only to the asker. */
  crossTalk: z.boolean().optional(),
  /** Answers of HTTP paths, e.g. `/health/ready`. */
  http: z.record(z.string(), httpAnswer).optional(),
});
export type ChatFaults = z.infer<typeof chatFaultsSchema>;

const pem = z.strictObject({ cert: z.string(), key: z.string() });

/** How the application is started. */
export const chatOptionsSchema = z.strictObject({
  /** Default: a free one. */
  port: z.int().min(0).max(65_535).optional(),
  /** PEM; https and wss instead of http and ws. */
  tls: pem.optional(),
  /** What a login has to present; a login over HTTP hands it out. */
  token: z.string().min(1),
  /** E-mail addresses and passwords that `POST /auth/login` accepts. */
  users: z.record(z.string(), z.string()).optional(),
  /** Stated by the health documents; default 1.0.0. */
  version: z.string().optional(),
  faults: chatFaultsSchema.optional(),
});
export type ChatOptions = z.infer<typeof chatOptionsSchema>;

/** What the process of the application is told; each is answered with the same `id`. */
export const chatRequestSchema = z.discriminatedUnion('do', [
  z.strictObject({ id: z.int(), do: z.literal('start'), options: chatOptionsSchema }),
  z.strictObject({ id: z.int(), do: z.literal('setFaults'), faults: chatFaultsSchema }),
  z.strictObject({ id: z.int(), do: z.literal('setCertificate'), tls: pem }),
  z.strictObject({ id: z.int(), do: z.literal('setToken'), token: z.string().min(1) }),
  z.strictObject({ id: z.int(), do: z.literal('stop') }),
]);
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** What it answers: the port where it was started, or why it could not. */
export const chatReplySchema = z.strictObject({ id: z.int(), port: z.int().optional(), error: z.string().optional() });
export type ChatReply = z.infer<typeof chatReplySchema>;
