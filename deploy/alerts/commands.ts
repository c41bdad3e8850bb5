/** Commands that stand in notifications, ready to be pasted: what the plan knows is filled in, the rest by Cloud Monitoring. */
import type { PlanContext } from '../plan/plan';

/**
 * @param label of the query's result
 * @returns the variable that becomes its value. In a PromQL policy labels are neither the metric's nor the resource's
 *   (AlertPolicy.Documentation, "Variables for notification channels").
 */
export function labelled(label: string): string {
  return `\${metric_or_resource.label.${label}}`;
}

/** @returns the options that say where: without them gcloud asks, or takes the project of whoever reads this. */
export function whereabouts({ config }: PlanContext): string {
  return `--region=${config.region} --project=${config.project}`;
}

/** @returns one run of the target that the notification is about, inside the VPC: from elsewhere the reason would be another one. */
export function runCommand(context: PlanContext): string {
  const name = context.names.function(labelled('job'));
  return `gcloud functions call ${name} --gen2 ${whereabouts(context)} --data='{"targets":["${labelled('task_id')}"]}'`;
}

/** @returns the sign-off of everything, told as text. */
export function verifyCommand(context: PlanContext): string {
  return `gcloud functions call ${context.names.function('verify')} --gen2 ${whereabouts(context)} --data='{"format":"text"}'`;
}

/** @returns the sentence that ends what was repaired. */
export function signOff(context: PlanContext): string {
  return `The sign-off of everything: \`${verifyCommand(context)}\`, or \`npx synthetics verify\`.`;
}

/** @returns more machines for the connector that the notification is about; it may be in a project and region of its own. */
export function connectorCommand(): string {
  const where = `--region=${labelled('location')} --project=${labelled('project_id')}`;
  return `gcloud compute networks vpc-access connectors update ${labelled('connector_name')} ${where} --max-instances=10`;
}

/** @returns all jobs of the environment with state and last attempt: which of them, when all are silent, has no label. */
export function jobsCommand({ config, names }: PlanContext): string {
  const columns = 'table(name.basename(), state, schedule, lastAttemptTime, status.code)';
  return `gcloud scheduler jobs list --location=${config.region} --project=${config.project} --filter='name ~ "/${names.prefix}"' --format='${columns}'`;
}

/** @returns what the function that the notification is about logged last. */
export function logCommand(context: PlanContext): string {
  return `gcloud run services logs read ${context.names.function(labelled('job'))} ${whereabouts(context)} --limit=100`;
}
