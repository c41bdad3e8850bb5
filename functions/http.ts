/** HTTP endpoints: one request, over as many redirects as allowed, and its answer. */
import type { Answer } from '../shared/http/answer';
import { conditions } from '../shared/http/conditions';
import { exchange } from '../shared/http/exchange';
import { isPlain, requestEndpoints, requestFields, requestProblems } from '../shared/http/fields';
import { anySuccess, type ExpectedStatus } from '../shared/http/status';
import { defineKind, type ProbeOf } from '../shared/probe';

/** The data of the kind. */
export const kind = defineKind<typeof requestFields, Answer>({
  name: 'http',
  title: 'HTTP',
  fields: requestFields,
  conditions,
  defaults: {},
  tls: true,
  endpoints: ({ url }) => requestEndpoints(url),
  plain: isPlain,
  check: requestProblems,
});

/** The code of the kind: the exchange, which ends early where the status fails the target anyway. */
export const probe: ProbeOf<typeof kind> = {
  run(target, context) {
    const { status = anySuccess } = context.expect as { readonly status?: readonly ExpectedStatus[] };
    return exchange(target, status, context);
  },
};
