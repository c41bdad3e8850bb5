/** Any TCP or TLS port: whether it answers, its certificate, and a dialogue of lines that the configuration scripts. */
import { defineKind, type ProbeOf } from '../shared/probe';
import { dialogueFields, dialogueProblems, endpointsOf, isPlain } from '../shared/tcp/dialogue';
import { converse } from '../shared/tcp/script';
import { variablesOf } from '../shared/tcp/steps';

/** The data of the kind. */
export const kind = defineKind<typeof dialogueFields, unknown>({
  name: 'tcp',
  title: 'TCP',
  fields: dialogueFields,
  conditions: {},
  defaults: {},
  serviceOwner: 'infrastructure',
  tls: true,
  endpoints: endpointsOf,
  plain: isPlain,
  check: dialogueProblems,
  variablesAt({ steps }, [area, index]) {
    return area === 'steps' && typeof index === 'number' ? variablesOf(steps.slice(0, index)) : [];
  },
});

/** The code of the kind. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    await converse(target, context);
    return undefined;
  },
};
