/** The chat application as a program of its own: does what its parent asks over the IPC channel, and ends when that closes. */
import { type Chat, startChat } from './chat';
import { type ChatReply, type ChatRequest, chatRequestSchema } from './chat-faults';

let chat: Chat | undefined;
// One request at a time, in the order in which they came.
let last: Promise<void> = Promise.resolve();

process.on('message', (message) => {
  const request = chatRequestSchema.parse(message);
  last = last.then(() => reply(request));
});
process.once('disconnect', () => {
  last = last.then(stop);
});
// Ctrl-C reaches every process of a terminal's foreground group; the parent decides when we end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => {
  if (process.connected) process.disconnect();
});

async function reply(request: ChatRequest): Promise<void> {
  const answer = await perform(request).catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }));
  if (process.connected) process.send?.({ id: request.id, ...answer } satisfies ChatReply);
}

async function perform(request: ChatRequest): Promise<{ port?: number }> {
  if (request.do === 'start') {
    if (chat) throw new Error('the chat application runs already');
    chat = await startChat(request.options);
    return { port: chat.port };
  }
  if (request.do === 'stop') await stop();
  else if (!chat) throw new Error('the chat application does not run');
  else if (request.do === 'setFaults') await chat.setFaults(request.faults);
  else if (request.do === 'setToken') await chat.setToken(request.token);
  else await chat.setCertificate(request.tls);
  return {};
}

async function stop(): Promise<void> {
  await chat?.stop();
  chat = undefined;
}
