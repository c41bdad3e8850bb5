/** `synthetics plan`: what a deployment would create, and what it would cost a month. */
import { buildPlan } from '../../deploy/plan/build';
import { fits, planText } from '../../deploy/plan/text';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { loadWhole } from '../../shared/config/load';
import { exitCodes, type Command } from '../command';
import { print } from '../terminal';

export const plan: Command = {
  summary: 'what deploy.sh would create, and what it would cost a month; exits with 1 where a quota is exceeded',
  options: { json: { type: 'boolean', help: '--json              the whole plan as JSON' } },
  run({ config: path, values }) {
    const built = buildPlan(loadWhole(path, kinds), { kinds, services });
    print(values['json'] === true ? JSON.stringify(built, null, 2) : planText(built));
    return fits(built) ? exitCodes.good : exitCodes.bad;
  },
};
