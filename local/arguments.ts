/** Reads the command line of the embedded stack. */
import { parseArgs } from 'node:util';
import { conflict, type Fault } from './stack/faults/fault';

/** What was asked for. */
export interface Arguments {
  /** Run every function once, then end. */
  readonly once: boolean;
  readonly port: number;
  /** Names of the faults that are on from the start. */
  readonly breaks: readonly string[];
  /** Print what the functions log. */
  readonly logs: boolean;
  readonly help: boolean;
}

/** A command line that can't be carried out; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Runs every function against real servers and emulated Google APIs, all on this machine.

  npm start -- [--port N] [--break NAME]… [--logs]
  npm start -- --once [--break NAME]… [--logs]

  --once        run every function once, print the results and end:
                0 healthy or degraded, 1 unhealthy, 2 wrong usage, 3 unknown
  --port N      the one port on 127.0.0.1 that everything answers on (8080; 0: a free one)
  --break NAME  start with a fault on; GET /faults lists them
  --logs        print what the functions log
`;

const options = {
  once: { type: 'boolean', default: false },
  port: { type: 'string', default: '8080' },
  break: { type: 'string', multiple: true, default: [] as string[] },
  logs: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * @param faults those that `--break` takes
 * @throws UsageError
 */
export function readArguments(args: readonly string[], faults: readonly Fault[]): Arguments {
  const { port: portText, break: breaks, ...flags } = parsed(args);
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port > 65_535) throw new UsageError(`--port ${portText} is no port; allowed: 0 to 65535`);
  const broken = new Set<Fault>();
  for (const name of breaks) {
    const fault = faults.find((each) => each.name === name);
    if (!fault) throw new UsageError(`--break ${name}: no such fault; there are: ${faults.map((each) => each.name).join(', ')}`);
    const refused = conflict(fault, broken);
    if (refused !== undefined) throw new UsageError(refused);
    broken.add(fault);
  }
  return { ...flags, port, breaks };
}

function parsed(args: readonly string[]): { once: boolean; port: string; break: string[]; logs: boolean; help: boolean } {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
