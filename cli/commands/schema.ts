/** `synthetics schema`: the JSON Schema of the configuration, for editors. */
import { kinds } from '../../functions/kinds';
import { jsonSchema } from '../../shared/config/json-schema';
import { exitCodes, type Command } from '../command';
import { print } from '../terminal';

export const schema: Command = {
  summary: 'prints the JSON Schema of the configuration',
  run() {
    print(JSON.stringify(jsonSchema(kinds), null, 2));
    return exitCodes.good;
  },
};
