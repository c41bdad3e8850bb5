/** Runbook of Google Cloud's own resources. */
import { commands, runbook } from './runbook';

const changes =
  'gcloud logging read "logName:cloudaudit.googleapis.com%2Factivity AND protoPayload.resourceName:$NAME" --freshness=1d --limit=20';

export const platform = {
  resource_missing: runbook(
    'The API answered that there is no such resource.',
    ['Was it deleted? The audit log says by whom.', changes],
    ['Is it in another region or project, or spelled differently?', 'gcloud asset search-all-resources --query="name:$NAME"'],
    ['Is the name in the configuration right?', commands.check],
    'It is there again, made by what usually makes it (Terraform, a pipeline), not by hand.',
  ),
  resource_not_ready: runbook(
    'The resource is there and says of itself that it is not ready. What depends on it fails as well.',
    ['VPC connector: state, network and instances.', commands.connector],
    ['Cloud SQL: state and what is being done to it.', commands.sqlOperations],
    ['Cloud Run: which revision does not start, and why?', commands.revisions],
    'Its state is READY, RUNNABLE or ACTIVE, and the targets behind it succeed.',
  ),
  resource_misconfigured: runbook(
    'The resource works, but differs from what the configuration says it should be. The message holds both values.',
    ['Who changed it, and when?', changes],
    ['Does it differ from Terraform as well? Then put it back from there.', 'terraform plan -detailed-exitcode'],
    ['Is the change meant? Then bring the configuration up to date.', commands.check],
    'Both values agree.',
  ),
};
