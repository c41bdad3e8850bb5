/** Stage: the functions, what is attached to the services underneath, and who may call them. */
import { monotonic, pause } from '../../../shared/clock';
import type { AccountPlan, FunctionPlan } from '../../plan/plan';
import { areasOf, decide, tell, type Decision } from '../compare';
import { digest, fingerprintLabel } from '../fingerprint';
import { foundFields, plannedFields, sourceLabel } from '../function-fields';
import { documentsOf, objectOf, textOf, textsOf, type Document } from '../google';
import { grantsOf, withConditions } from '../iam';
import { sourceDigest, stageSource } from '../sources';
import { words, type Stage, type Step } from '../step';
import { common, eachOf, ForeignError, functionsOf, hasLabels, type Surroundings } from '../surroundings';
import { accountsOf } from './accounts';
import { keptOf } from './apis';

const longestDeploymentMs = 10 * 60_000;
const pollMs = 2000;

/** @returns every function of the region by its short name. */
export async function readFunctions({ plan, google }: Surroundings): Promise<ReadonlyMap<string, Document>> {
  const parent = `v2/projects/${plan.project}/locations/${plan.region}`;
  const found = await google.list('cloudfunctions', `${parent}/functions`, 'functions');
  return new Map(found.map((one) => [textOf(one['name']).replace(/^.*\//, ''), one]));
}

/** A deployment that was cut short goes on at Google's; nothing can be changed before its end. */
async function readSettled(around: Surroundings): Promise<ReadonlyMap<string, Document>> {
  const planned = functionsOf(around).map(({ name }) => name);
  const began = monotonic();
  for (;;) {
    const present = await readFunctions(around);
    const isBusy = planned.some((name) => ['DEPLOYING', 'DELETING'].includes(textOf(present.get(name)?.['state'])));
    if (!isBusy || around.workFolder === undefined || monotonic() - began > longestDeploymentMs) return present;
    await pause(pollMs);
  }
}

/** What the Cloud Run service underneath a function has. */
interface Service {
  readonly instances: readonly string[];
  readonly invokers: readonly string[];
}

async function readService({ plan, google }: Surroundings, name: string): Promise<Service> {
  const path = `v2/projects/${plan.project}/locations/${plan.region}/services/${name}`;
  const [service, policy] = await Promise.all([google.find('run', path), google.find('run', `${path}:getIamPolicy`, withConditions)]);
  const volumes = documentsOf(objectOf(service?.['template'])['volumes']);
  return {
    instances: volumes.flatMap((volume) => textsOf(objectOf(volume['cloudSqlInstance'])['instances'])),
    invokers: grantsOf(path, policy ?? {}).flatMap(({ role, member }) => (role === 'roles/run.invoker' ? [member] : [])),
  };
}

/** @returns the steps of the stage. @throws ForeignError, MissingBundle */
export async function functions(around: Surroundings): Promise<Stage> {
  const present = await readSettled(around);
  const lanes = await eachOf(functionsOf(around), async (planned) => laneOf(around, planned, present.get(planned.name)));
  return {
    steps: lanes.flat(),
    kept: keptOf(lanes.filter((steps) => steps.length === 0).length),
    notes: [],
  };
}

async function laneOf(around: Surroundings, planned: FunctionPlan, found: Document | undefined): Promise<readonly Step[]> {
  if (found && !hasLabels(found['labels'], around.names.labels))
    throw new ForeignError(`The function ${planned.name} exists and is not ours (it lacks our labels).`);
  const source = sourceDigest(planned, around.root);
  const fields = plannedFields(planned, source);
  const decision = whole(decide(fields, found && foundFields(found, planned)), found);
  const service = found ? await readService(around, planned.name) : { instances: [], invokers: [] };
  const step = (title: string, gcloud: readonly string[]): Step => ({
    title: `function ${planned.name}${title}`,
    lane: planned.name,
    command: { gcloud: [...gcloud, `--region=${around.plan.region}`, ...common(around)] },
  });
  const binding = (verb: 'add' | 'remove', member: string): readonly string[] => [
    'functions',
    `${verb}-invoker-policy-binding`,
    planned.name,
    `--member=${member}`,
  ];
  const willDeploy = decision.action !== 'keep';
  const missing = planned.cloudSqlInstances.filter((instance) => willDeploy || !service.instances.includes(instance));
  return [
    ...(willDeploy
      ? [
          {
            ...step(titleOf(decision), deployWords(around, planned, { source, fingerprint: digest(fields), found })),
            ...(decision.action === 'changed' && { takesBack: tell(decision.differences) }),
          },
        ]
      : []),
    ...(missing.length > 0
      ? [
          {
            ...step(': attach Cloud SQL', ['run', 'services', 'update', planned.name, `--add-cloudsql-instances=${missing.join(',')}`]),
            followsUp: willDeploy,
          },
        ]
      : []),
    ...planned.invokers
      .filter((member) => !service.invokers.includes(member) && !isLeftOut(around, member))
      .map((member) => step(`: may be called by ${shortMember(around, member)}`, binding('add', member))),
    ...service.invokers
      .filter((member) => !planned.invokers.includes(member) && isOurBusiness(around, member))
      .map((member) => ({
        ...step(`: no longer called by ${shortMember(around, member)}`, binding('remove', member)),
        ...(isAnybody(member) && { takesBack: [`roles/run.invoker  planned nothing, found ${member}`] }),
      })),
  ];
}

function isAnybody(member: string): boolean {
  return member === 'allUsers' || member === 'allAuthenticatedUsers';
}

/** People and pipelines are let in by hand: that is meant so. Our own accounts are for the plan, and the whole world is a mistake. */
function isOurBusiness({ names }: Surroundings, member: string): boolean {
  const user = member.startsWith(`serviceAccount:${names.accountPrefix}`) ? member.split(names.accountPrefix)[1] : undefined;
  // What goes on with a hyphen is an account of an environment whose name begins with this one's.
  return isAnybody(member) || /^[a-z]+@/.test(user ?? '');
}

/** The account of a function that this deployment leaves out may not exist yet. */
function isLeftOut(around: Surroundings, member: string): boolean {
  const { plan } = around;
  const named = (accounts: readonly AccountPlan[]): boolean => accounts.some(({ email }) => member === `serviceAccount:${email}`);
  return named(plan.accounts) && !named(accountsOf(around));
}

/** A function whose last deployment failed is deployed again, whatever its labels say. */
function whole(decision: Decision, found: Document | undefined): Decision {
  const isBroken = found !== undefined && found['state'] === 'FAILED';
  return isBroken && decision.action === 'keep' ? { action: 'update', differences: [] } : decision;
}

function titleOf(decision: Decision): string {
  if (decision.action !== 'update') return ': deploy';
  const areas = areasOf(decision);
  return `: deploy again${areas.length > 0 ? ` (${areas.join(', ')})` : ''}`;
}

function shortMember({ names }: Surroundings, member: string): string {
  return member.replace(`serviceAccount:${names.accountPrefix}`, '').replace(/@.*$/, '');
}

interface Deployed {
  readonly source: string;
  readonly fingerprint: string;
  readonly found: Document | undefined;
}

function deployWords(around: Surroundings, planned: FunctionPlan, { source, fingerprint, found }: Deployed): readonly string[] {
  const { root, workFolder } = around;
  const folder = workFolder === undefined ? `<${planned.source} with its config.json>` : stageSource(planned, root, workFolder);
  const labels = { ...planned.labels, [sourceLabel]: source, [fingerprintLabel]: fingerprint };
  return [
    ...words('functions', 'deploy', planned.name, '--gen2', `--runtime=${planned.runtime}`, `--entry-point=${planned.entryPoint}`),
    ...words(`--source=${folder}`, '--trigger-http', '--no-allow-unauthenticated', `--service-account=${planned.account}`),
    ...words(`--memory=${planned.memoryMiB}Mi`, `--cpu=${planned.cpu}`, `--concurrency=${planned.concurrency}`),
    ...words(`--min-instances=${planned.minInstances}`, `--max-instances=${planned.maxInstances}`),
    ...words(`--timeout=${planned.timeoutSeconds}s`, `--ingress-settings=${planned.ingress}`),
    ...vpcWords(planned, objectOf(found?.['serviceConfig'])),
    ...(Object.keys(planned.environment).length > 0 ? [`--set-env-vars=${pairs(planned.environment)}`] : ['--clear-env-vars']),
    `--update-labels=${pairs(labels)}`,
    '--format=none',
  ];
}

function vpcWords({ vpc }: FunctionPlan, service: Document): readonly string[] {
  const clear = textOf(service['vpcConnector']) === '' ? [] : ['--clear-vpc-connector'];
  if (!vpc) return clear;
  if ('connector' in vpc) return [`--vpc-connector=${vpc.connector}`, `--egress-settings=${vpc.egress}`];
  const subnet = vpc.subnet === undefined ? [] : [`--subnet=${vpc.subnet}`];
  return [...clear, `--network=${vpc.network}`, ...subnet, `--direct-vpc-egress=${vpc.egress}`];
}

/** @returns the pairs as gcloud takes them; with another separator than the comma where a value has one (`gcloud topic escaping`). */
export function pairs(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  if (!entries.some((word) => word.includes(','))) return entries.join(',');
  const separator = [';', '|', '~', '##', '@@@'].find((one) => !entries.some((word) => word.includes(one))) ?? '=,=';
  return `^${separator}^${entries.join(separator)}`;
}
