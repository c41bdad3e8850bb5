/** Runbook of the prober itself: its configuration, its access, its own means. Nothing is known of the targets meanwhile. */
import { commands, runbook } from './runbook';

export const monitor = {
  config_invalid: runbook(
    'The prober could not use its configuration. The target is not watched.',
    ['Validate it; each error comes with file, line and column.', commands.check],
    ['Does the deployed function hold what you think? Compare `configHash` in its log.', commands.proberLog],
    ['Deploy again.', './deploy.sh --only $KIND'],
    '`npx synthetics check` says "no errors", and the heartbeat is 1.',
  ),
  secret_unavailable: runbook(
    'A secret that the target needs could not be read, so the target was not tried. Nothing is known of it.',
    ['Does the secret have an enabled newest version?', commands.secretVersions],
    ["May the prober's account read it?", commands.secretPolicy],
    ['Was the secret made after the last deployment? Then deploy again: it binds the account.', './deploy.sh --only $KIND'],
    'The target has a verdict again: success or failure.',
  ),
  api_denied: runbook(
    "One of Google's APIs refused the prober's account. Nothing is known of the target.",
    ['Which permission? The log names it.', commands.proberLog],
    ['Which roles does the account hold?', commands.projectRoles],
    ['Deploy again: it restores the roles that were taken away.', './deploy.sh --only $KIND'],
    'The heartbeat is 1.',
  ),
  api_unavailable: runbook(
    "One of Google's APIs did not answer the prober. Nothing is known of the target.",
    ["Is it an incident of Google's?", 'curl -sS https://status.cloud.google.com/incidents.json | head -c 2000'],
    ["Does the egress of the function carry Google's APIs? It should be private-ranges-only.", commands.prober],
    ['With all egress through the VPC: does it have Private Google Access and a route out?', commands.routes],
    'Other functions reach the API as well.',
  ),
  prober_exhausted: runbook(
    'The prober ran out of time, files or CPU of its own. Nothing is known of the target.',
    ['How long do its runs take against their budget? See run duration on the dashboard.', commands.proberLog],
    ['Is its event loop blocked? Give it more CPU, or fewer targets at once (`concurrency`).', commands.prober],
    ['Were targets added? Plan and deploy again: that spreads them over more jobs.', 'npx synthetics plan'],
    'Run duration stays below half the period, and the event loop below 100 ms.',
  ),
  internal: runbook(
    'An error in the prober itself. Nothing is known of the target.',
    ['What is the error? Its message stands in the log.', commands.proberLog],
    ['Did it start with a deployment? Deploy the version before.', commands.prober],
    ['Does it happen from your machine as well? Then report it with this output.', 'npx synthetics run $TARGET --json'],
    'The heartbeat is 1.',
  ),
};
