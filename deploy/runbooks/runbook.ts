/** The shape of a runbook's section, and commands that many of them share. */

/** One thing to look at: a sentence of at most 110 characters, and a command for a shell in which the capitals are set. */
export interface Look {
  readonly sentence: string;
  readonly command: string;
}

/** What somebody wants to read who was woken up. */
export interface Runbook {
  /** What is known when this reason is told, in plain words. */
  readonly means: string;
  /** The first three things to look at, the likeliest first. */
  readonly looks: readonly [Look, Look, Look];
  /** What shows that it is fixed, besides the target's own success. */
  readonly fixed: string;
}

type Pair = readonly [sentence: string, command: string];
const look = ([sentence, command]: Pair): Look => ({ sentence, command });

/** @returns a section from its parts. */
export function runbook(means: string, first: Pair, second: Pair, third: Pair, fixed: string): Runbook {
  return { means, looks: [look(first), look(second), look(third)], fixed };
}

const read = (filter: string, freshness = '30m'): string => `gcloud logging read "${filter}" --freshness=${freshness} --limit=50`;

/** In PostgreSQL, SMTP and IMAP a session of TLS begins midway; two words, so that shells that don't split an expansion take it as well. */
const tls = 'openssl s_client -connect $HOST:$PORT -servername $HOST ${STARTTLS:+-starttls} $STARTTLS';

/** Commands that several sections name. */
export const commands = {
  connector: 'gcloud compute networks vpc-access connectors describe $CONNECTOR --region=$REGION',
  firewall: 'gcloud compute firewall-rules list --filter="network:$NETWORK" --sort-by=priority',
  routes: 'gcloud compute routes list --filter="network:$NETWORK"',
  port: 'nc -vz -w 3 $HOST $PORT',
  handshake: `${tls} -showcerts </dev/null`,
  dates: `${tls} </dev/null | openssl x509 -noout -subject -issuer -dates`,
  names: `${tls} </dev/null | openssl x509 -noout -ext subjectAltName`,
  managedCertificates: 'gcloud compute ssl-certificates list --format="table(name,type,managed.status,expireTime,managed.domains.list())"',
  serviceLog: read('resource.type=cloud_run_revision AND resource.labels.service_name=$SERVICE AND severity>=WARNING'),
  revisions: 'gcloud run revisions list --service=$SERVICE --region=$REGION --limit=5',
  service: 'gcloud run services describe $SERVICE --region=$REGION',
  backends: 'gcloud compute backend-services get-health $BACKEND --global',
  balancerLog: read('resource.type=http_load_balancer AND httpRequest.status>=500'),
  sqlInstance: 'gcloud sql instances describe $INSTANCE --format="yaml(state,settings.activationPolicy,ipAddresses,databaseVersion)"',
  sqlOperations: 'gcloud sql operations list --instance=$INSTANCE --limit=5',
  sqlLog: read('resource.type=cloudsql_database AND severity>=WARNING'),
  redisInstance: 'gcloud redis instances describe $INSTANCE --region=$REGION',
  secretVersions: 'gcloud secrets versions list $SECRET',
  secretPolicy: 'gcloud secrets get-iam-policy $SECRET',
  // Secrets are looked at once an hour: what broke one lies further back than what broke a server.
  secretAudit: read('protoPayload.serviceName=secretmanager.googleapis.com AND protoPayload.resourceName:$SECRET', '1d'),
  proberLog: read('resource.labels.service_name=synthetics-$ENVIRONMENT-$KIND AND severity>=WARNING', '3h'),
  prober: 'gcloud functions describe synthetics-$ENVIRONMENT-$KIND --region=$REGION --gen2',
  projectRoles:
    'gcloud projects get-iam-policy $PROJECT --flatten="bindings[].members" --filter="bindings.members:$ACCOUNT" --format="value(bindings.role)"',
  check: 'npx synthetics check',
} as const;
