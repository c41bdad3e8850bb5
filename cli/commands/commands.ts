/** The table of commands. */
import type { Command } from '../command';
import { alerts } from './alerts';
import { check } from './check';
import { compile } from './compile';
import { diagram } from './diagram';
import { init } from './init';
import { plan } from './plan';
import { run } from './run';
import { schema } from './schema';
import { snooze } from './snooze';
import { verify } from './verify';

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  init,
  check,
  compile,
  run,
  verify,
  plan,
  alerts,
  snooze,
  diagram,
  schema,
};
