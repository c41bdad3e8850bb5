/** The commands by which the recorded gcloud is compared with the real one: a deployment, its changes, its mishaps, its end. */

/** One command, and what happens before it. */
export interface ScenarioStep {
  /** `FOLDER` stands for the folder that holds the files; `DASHBOARD`, `CHECK` and `POLICY` for the ids that the server gave. */
  readonly args: readonly string[];
  /** The build of this function fails. */
  readonly failBuild?: string;
}

/** What the stand-in has before the first command. */
export const surroundings = { secrets: ['database-url', 'projects/netra-staging/locations/us-central1/secrets/redis-url'] };

/** A policy that is there, too, to be snoozed. */
export const policy = {
  displayName: 'Down',
  combiner: 'OR',
  conditions: [{ displayName: 'down', conditionPrometheusQueryLanguage: { query: 'up == 0' } }],
};

/** Files that the commands name, by their path below `FOLDER`. */
export const files: Readonly<Record<string, string>> = {
  'source/index.js': 'exports.http = (request, response) => response.json({});\n',
  'source/package.json': '{"main":"index.js"}\n',
  'source/lib/deep.txt': 'deep\n',
  'source/node_modules/left-out.js': '\n',
  'source/.gcloudignore': '# What the build installs by itself.\nnode_modules\n',
  'environment.yaml': 'COLOUR: green\nTEXT: "a, b: c"\n',
  'body.json': '{"targets":["backend"],"shard":0}',
  'dashboard.json':
    '{"displayName":"Synthetics","labels":{"a":"b"},"mosaicLayout":{"columns":12,"tiles":[{"width":4,"height":4,"widget":{"text":{"content":"x"}}}]}}',
};

const fn = 'synthetics-staging-http';

/** Abbreviations of the lines below. */
const words: Readonly<Record<string, string>> = {
  ACCOUNT: 'synthetics-staging-http@netra-staging.iam.gserviceaccount.com',
  CALLER: 'synthetics-staging-scheduler@netra-staging.iam.gserviceaccount.com',
  DEPLOY: `functions deploy ${fn} --gen2 --region=us-central1 --runtime=nodejs24 --source=FOLDER/source --entry-point=http --trigger-http --no-allow-unauthenticated`,
  REGION: '--region=us-central1',
  LOCATION: '--location=us-central1',
  URI: 'http://synthetics-staging-http-edeeaaaacc-uc.a.run.app',
  ROLE: '--role=roles/secretmanager.secretAccessor',
  FN: fn,
};

/** One command a line; a line that begins with spaces goes on with the one before. A word with a space in it stands in quotes. */
const lines = `
auth print-access-token
config get project
config list --format=json
services enable run.googleapis.com cloudfunctions.googleapis.com cloudbuild.googleapis.com artifactregistry.googleapis.com
 cloudscheduler.googleapis.com --quiet
services enable secretmanager.googleapis.com sqladmin.googleapis.com sql-component.googleapis.com
iam service-accounts create synthetics-staging-http --display-name=Probe "--description=vpc-synthetics, environment staging"
 --project=netra-staging --quiet
iam service-accounts create synthetics-staging-scheduler --quiet
iam service-accounts create synthetics-staging-http --quiet
iam service-accounts list --format=json
iam service-accounts update ACCOUNT --display-name=Prober --description=vpc-synthetics --quiet
iam service-accounts enable ACCOUNT --quiet
iam service-accounts add-iam-policy-binding ACCOUNT --member=user:deployer@example.com --role=roles/iam.serviceAccountUser --quiet
projects describe netra-staging --format=value(projectNumber)
projects add-iam-policy-binding netra-staging --member=serviceAccount:ACCOUNT --role=roles/monitoring.metricWriter --condition=None --quiet
projects add-iam-policy-binding netra-staging --member=serviceAccount:nobody@netra-staging.iam.gserviceaccount.com --role=roles/viewer
 --condition=None
projects get-iam-policy netra-staging --format=json
secrets add-iam-policy-binding database-url --member=serviceAccount:ACCOUNT ROLE --project=netra-staging --quiet
secrets add-iam-policy-binding redis-url LOCATION --member=serviceAccount:ACCOUNT ROLE --quiet
secrets add-iam-policy-binding missing --member=serviceAccount:ACCOUNT ROLE
secrets get-iam-policy database-url --format=json
DEPLOY --service-account=ACCOUNT --vpc-connector=staging-connector --egress-settings=private-ranges-only
 --ingress-settings=internal-and-gclb --env-vars-file=FOLDER/environment.yaml --timeout=120s --memory=512Mi --cpu=1 --concurrency=8
 --min-instances=0 --max-instances=3 --update-labels=managed-by=vpc-synthetics,synthetics-environment=staging --format=none --quiet
functions describe FN --gen2 REGION --format=value(state,serviceConfig.uri)
DEPLOY --clear-vpc-connector --set-env-vars=^;^A=b,c;D=e=f --memory=1024Mi --cpu=2 --update-labels=synthetics-fingerprint=abc --format=none
DEPLOY --clear-env-vars --build-service-account=projects/netra-staging/serviceAccounts/ACCOUNT --format=none --quiet
FAIL DEPLOY --format=none --quiet
functions deploy other --gen2 REGION --runtime=nodejs18 --source=FOLDER/source --entry-point=http --trigger-http
 --no-allow-unauthenticated
functions add-invoker-policy-binding FN REGION --member=serviceAccount:CALLER --quiet
functions add-invoker-policy-binding FN REGION --member=serviceAccount:ACCOUNT --quiet
functions remove-invoker-policy-binding FN REGION --member=serviceAccount:ACCOUNT --quiet
run services update FN REGION --add-cloudsql-instances=netra-staging:us-central1:db --quiet
run services describe FN REGION --format=value(status.url)
scheduler jobs create http FN-0 LOCATION "--schedule=*/5 * * * *" --time-zone=UTC --uri=URI --http-method=POST
 --headers=Content-Type=application/json --message-body-from-file=FOLDER/body.json --oidc-service-account-email=CALLER
 --oidc-token-audience=URI --attempt-deadline=60s --max-retry-attempts=0 "--description=vpc-synthetics, environment staging" --quiet
scheduler jobs create http FN-0 LOCATION "--schedule=* * * * *" --uri=URI --message-body={}
scheduler jobs update http FN-0 LOCATION "--schedule=*/10 * * * *" --time-zone=UTC --uri=URI --http-method=POST
 --update-headers=Content-Type=application/json --message-body={"shard":1} --oidc-service-account-email=CALLER
 --oidc-token-audience=URI --attempt-deadline=90s --max-retry-attempts=0 --description=vpc-synthetics --quiet
scheduler jobs resume FN-0 LOCATION
scheduler jobs run FN-0 LOCATION --quiet
scheduler jobs describe FN-0 LOCATION --format=value(state,schedule)
monitoring dashboards create --config-from-file=FOLDER/dashboard.json --quiet
monitoring dashboards update DASHBOARD --config-from-file=FOLDER/dashboard.json --quiet
monitoring dashboards delete DASHBOARD --quiet
monitoring snoozes create --display-name=maintenance --criteria-policies=projects/netra-staging/alertPolicies/POLICY
 --criteria-filter=resource.labels.task_id="backend" --start-time=2026-11-20T10:00:00Z --end-time=2026-11-20T10:30:00Z --quiet
monitoring uptime create public --resource-type=uptime-url --resource-labels=host=example.com,project_id=netra-staging --protocol=https
 --path=/health --period=5 --timeout=10
monitoring uptime create monitor --synthetic-target=projects/netra-staging/locations/us-central1/functions/FN --period=5 --timeout=60
monitoring uptime delete CHECK --quiet
scheduler jobs delete FN-0 LOCATION --quiet
scheduler jobs delete FN-0 LOCATION --quiet
functions delete FN --gen2 REGION --quiet
functions delete FN --gen2 REGION --quiet
secrets remove-iam-policy-binding database-url --member=serviceAccount:ACCOUNT ROLE --quiet
secrets remove-iam-policy-binding database-url --member=serviceAccount:ACCOUNT ROLE --quiet
projects remove-iam-policy-binding netra-staging --member=serviceAccount:ACCOUNT --role=roles/monitoring.metricWriter --condition=None
iam service-accounts delete ACCOUNT --quiet
iam service-accounts delete ACCOUNT --quiet
`;

function stepOf(line: string): ScenarioStep {
  const spelled = Object.entries(words).reduce((text, [word, meant]) => text.replace(new RegExp(`\\b${word}\\b`, 'g'), meant), line);
  const isToFail = spelled.startsWith('FAIL ');
  const args = (isToFail ? spelled.slice(5) : spelled).match(/"--[^"]*"|\S+/g) ?? [];
  return { args: args.map((word) => word.replace(/^"(.*)"$/, '$1')), ...(isToFail && { failBuild: fn }) };
}

/** All of them, in their order. */
export const scenario: readonly ScenarioStep[] = lines.trim().replaceAll('\n ', ' ').split('\n').map(stepOf);
