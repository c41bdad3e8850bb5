/** The result of a target as it stands in the log. */
import * as z from 'zod';
import { domains, reasons, type Domain, type Owner, type Reason } from '../../shared/reasons';
import { outcomes, phases } from '../../shared/result';

const owners: readonly Owner[] = [...new Set(Object.values(domains))];
// An entry of another version may name what this one does not know: then less is told, nothing wrong.
const reason = z
  .enum(Object.keys(reasons) as Reason[])
  .nullable()
  .catch(null);
const outcome = z.enum(outcomes);

const finding = z.object({ subject: z.string(), outcome, reason, message: z.string(), durationMs: z.number().nullable().catch(null) });

const result = z.object({
  kind: z.string(),
  target: z.string(),
  outcome,
  reason,
  domain: z
    .enum(Object.keys(domains) as Domain[])
    .nullable()
    .catch(null),
  owner: z.enum(owners).nullable().catch(null),
  phase: z.enum(phases).nullable().catch(null),
  code: z.string().nullable().catch(null),
  message: z.string().catch(''),
  hint: z.string().nullable().catch(null),
  attempts: z.number().catch(1),
  durationMs: z.number().catch(0),
  findings: z.array(finding).catch([]),
});

/** What is told of it. */
export type LoggedResult = z.output<typeof result>;

/** @returns the result in the payload of an entry; undefined where it holds none. */
export function resultIn(payload: Readonly<Record<string, unknown>> | undefined): LoggedResult | undefined {
  return result.safeParse(payload?.['result']).data;
}
