/** `npm start`: runs the whole product on this machine, until it is interrupted, or once. */
import { kinds } from '../functions/kinds';
import { services } from '../functions/services';
import { monotonic, timestamp } from '../shared/clock';
import { readArguments, usage, UsageError, type Arguments } from './arguments';
import { type Live, startLive } from './live';
import { runOnce } from './once';
import { createScreen } from './screen';
import { faults } from './stack/faults';
import { type Gateway, PortTaken, startGateway } from './stack/gateway';
import { type Stack, startStack } from './stack/stack';

const exit = { fine: 0, wrongUsage: 2, unknown: 3 } as const;
/** A second Ctrl-C ends us at once; one key press may reach us twice, from the terminal and from npm. */
const impatientAfterMs = 1000;

const interrupted = Promise.withResolvers<void>();
let interruptedAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interruptedAt ??= monotonic();
    interrupted.resolve();
    // What protects the servers ends them when we are gone.
    if (monotonic() - interruptedAt > impatientAfterMs) process.exit(130);
  });
}

async function main(args: Arguments): Promise<number> {
  const screen = createScreen(process.stdout, () => timestamp().slice(11, 19));
  const tell = (sentence: string): void => (args.once ? void process.stderr.write(`${sentence}\n`) : screen.say(sentence));
  let gateway: Gateway | undefined;
  let stack: Stack | undefined;
  let live: Live | undefined;
  try {
    if (!args.once) gateway = await startGateway(args.port);
    const began = monotonic();
    tell('Starting PostgreSQL, Redis, the chat application, emulated Google APIs and the functions …');
    stack = await startStack({
      kinds,
      say: tell,
      onLog: args.logs ? (kind, line) => void process.stderr.write(`${kind}: ${line}\n`) : undefined,
    });
    tell(`Everything runs after ${((monotonic() - began) / 1000).toFixed(1)} s; configuration and logs: ${stack.folder}`);
    for (const name of args.breaks) await stack.faults.set(name, true);
    if (!gateway) {
      const outcome = await Promise.race([runOnce(stack), interrupted.promise]);
      if (outcome) process.stdout.write(outcome.text);
      return outcome?.exitCode ?? exit.unknown;
    }
    if (interruptedAt === undefined) live = startLive(stack, gateway, screen, { kinds, services });
    await interrupted.promise;
    return exit.fine;
  } finally {
    if (interruptedAt !== undefined) tell('Ending …');
    await Promise.allSettled([live?.stop(), gateway?.close(), stack?.stop()]);
  }
}

async function begin(): Promise<number> {
  try {
    const args = readArguments(process.argv.slice(2), faults);
    if (!args.help) return await main(args);
    process.stdout.write(usage);
    return exit.fine;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
    return error instanceof UsageError || error instanceof PortTaken ? exit.wrongUsage : exit.unknown;
  }
}

// Connections of clients that are kept for reuse would hold the process for seconds.
void begin().then((code) => process.exit(code));
