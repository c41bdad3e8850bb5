/** The runbook of every reason. */
import type { Reason } from '../../shared/reasons';
import { capacity } from './capacity';
import { certificate } from './certificate';
import { credentials } from './credentials';
import { gateway } from './gateway';
import { monitor } from './monitor';
import { network } from './network';
import { platform } from './platform';
import type { Runbook } from './runbook';
import { secret } from './secret';
import { service } from './service';
import { state } from './state';

/** One section a reason; a reason without one does not compile. */
export const runbooks: Readonly<Record<Reason, Runbook>> = {
  ...network,
  ...certificate,
  ...credentials,
  ...capacity,
  ...state,
  ...service,
  ...gateway,
  ...secret,
  ...platform,
  ...monitor,
} satisfies Record<Reason, Runbook>;
