/** `synthetics compile`: YAML to the JSON that is deployed. */
import { writeFileSync } from 'node:fs';
import { kinds } from '../../functions/kinds';
import { compile as compileFile } from '../../shared/config/compile';
import { describe } from '../../shared/fault';
import { exitCodes, UsageError, type Command } from '../command';
import { print } from '../terminal';

export const compile: Command = {
  summary: 'compiles the configuration to the JSON that is deployed',
  options: { output: { type: 'string', short: 'o', help: '-o, --output FILE   write there instead of stdout' } },
  run({ config: path, values }) {
    const json = compileFile(path, kinds);
    const { output } = values;
    if (typeof output !== 'string') print(json);
    else
      try {
        writeFileSync(output, json);
      } catch (error) {
        throw new UsageError(`${output} can't be written: ${describe(error).message}`);
      }
    return exitCodes.good;
  },
};
