/** `synthetics init`: writes a commented configuration to start from. */
import { writeFileSync } from 'node:fs';
import { describe } from '../../shared/fault';
import { exitCodes, UsageError, type Command } from '../command';
import { starter } from '../starter';
import { print } from '../terminal';

export const init: Command = {
  summary: 'writes a commented configuration to start from',
  run({ config: path }) {
    try {
      writeFileSync(path, starter, { flag: 'wx' });
    } catch (error) {
      const { code, message } = describe(error);
      throw new UsageError(code === 'EEXIST' ? `${path} is there already; it is left as it is` : `${path} can't be written: ${message}`);
    }
    print(`${path} is written: edit it, then run: npx synthetics check${path === 'synthetics.yaml' ? '' : ` --config ${path}`}`);
    return exitCodes.good;
  },
};
