/** `synthetics check`: validates the configuration and prints every error with its place. */
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { exitCodes, type Command } from '../command';
import { print } from '../terminal';

export const check: Command = {
  summary: 'validates the configuration; prints every error with its place',
  run({ config: path }) {
    const { targets, hash } = loadConfig(path, kinds);
    print(`${path}: no errors, ${targets.length} ${targets.length === 1 ? 'target' : 'targets'}, hash ${hash}`);
    return exitCodes.good;
  },
};
