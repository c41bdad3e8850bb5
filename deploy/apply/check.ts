/**
 * What can be known before anything is written: documents that would be refused, foreign things under our names,
 * missing bundles and channels, no access.
 */
import { lintDocuments } from '../monitoring/lint/lint-documents';
import { ApiError } from './google';
import { deploying } from './stages';
import type { Stage } from './step';
import { eachOf, type Surroundings } from './surroundings';

/** Something that the user has to see to first. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/** @returns what each stage would do as things are now. @throws NotReady, ForeignError, MissingBundle, ApiError */
export async function check(around: Surroundings): Promise<readonly Stage[]> {
  const { google, plan } = around;
  const mistakes = lintDocuments(plan).map(({ document, path, message }) => `  ${[document, path].filter(Boolean).join(' ')}: ${message}`);
  if (mistakes.length > 0) throw new NotReady(['Cloud Monitoring would not take what the plan makes:', ...mistakes].join('\n'));
  await google.call('GET', 'cloudresourcemanager', `v1/projects/${plan.project}`).catch((error: unknown) => {
    const isKnown = error instanceof ApiError && [403, 404].includes(error.status);
    if (!isKnown) throw error;
    // Switching that API on is the first thing that a deployment does.
    if (error.reason === 'SERVICE_DISABLED') return;
    throw new NotReady(`The project ${plan.project} does not exist, or you may not see it: ${error.message}`);
  });
  // Every stage looks for what stands in its way while it reads.
  const stages = await eachOf(Object.values(deploying), async (stage) => stage(around));
  const channels = [...new Set(plan.policies.flatMap(({ notificationChannels }) => notificationChannels))];
  const found = await eachOf(channels, async (name) => google.find('monitoring', `v3/${name}`));
  const missing = channels.filter((_name, index) => found[index] === undefined);
  if (missing.length > 0) throw new NotReady(`No such notification channel: ${missing.join(', ')} (alerts.routes in the configuration).`);
  return stages;
}
