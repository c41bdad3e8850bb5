/** Writes the runbook as Markdown: a section a reason, under the anchor that alerts and hints link to. */
import { domainOf, domains, ownerOf, reasons, type Domain, type Reason } from '../../shared/reasons';
import { firstNames, titles } from './titles';
import { runbooks } from './runbooks';

/** @returns where a reason's section is found in the file: a heading that is a single word of letters and underscores is its own anchor. */
export function anchorOf(reason: Reason): string {
  return `#${reason}`;
}

const ofDomain = (domain: Domain): readonly Reason[] => (Object.keys(reasons) as Reason[]).filter((name) => domainOf(name) === domain);

/** @returns who acts: a reason of a service is of those who run the service. */
function ownersOf(reason: Reason): string {
  const [application, infrastructure] = [ownerOf(reason), ownerOf(reason, 'infrastructure')];
  return application === infrastructure ? application : `${application} (of \`postgres\`, \`redis\` and \`tcp\`: ${infrastructure})`;
}

function section(reason: Reason): readonly string[] {
  const { means, looks, fixed } = runbooks[reason];
  return [
    `### ${reason}`,
    '',
    `**Who acts:** ${ownersOf(reason)}. ${means}`,
    '',
    ...looks.flatMap(({ sentence, command }, index) => [`${index + 1}. ${sentence}`, '', '   ```sh', `   ${command}`, '   ```', '']),
    `**Fixed when:** ${fixed}`,
    '',
  ];
}

const contents = (Object.keys(domains) as Domain[]).flatMap((domain) => [
  `- ${titles[domain]}: ${ofDomain(domain)
    .map((reason) => `[${reason}](${anchorOf(reason)})`)
    .join(', ')}`,
]);

const head = `# Runbooks

<!-- Written by \`npm run build && node build/scripts/runbooks.js\` from deploy/runbooks; edit it there. -->

One section a reason. A page names its owner and the reasons that it may have; where \`alerts.runbook\` of the configuration leads here, each
of them is a link to its section. Which reason it is, the answer below says.

## First

Name what the alert is about, once; every command below can then be pasted as it stands.

\`\`\`sh
${firstNames.map(({ name, example, is }) => `export ${`${name}=${example}`.padEnd(40)} # ${is}`).join('\n')}
\`\`\`

What is named only where it is needed: \`$INSTANCE\` (Cloud SQL or Memorystore), \`$SERVICE\` (Cloud Run), \`$BACKEND\` and \`$URL_MAP\`
(load balancer), \`$SECRET\`, \`$VERSION\`, \`$MEMBER\`, \`$ZONE\` (Cloud DNS), \`$CONNECTOR\` and \`$NETWORK\`, \`$DATABASE\`, \`$ACCOUNT\`, \`$NAME\`,
\`$URL\`, \`$QUERY\`. Private addresses answer inside the VPC only: run \`dig\`, \`nc\`, \`openssl\`, \`curl\`, \`psql\` and \`redis-cli\` on a machine there, e.g.
\`gcloud compute ssh VM --tunnel-through-iap\`. Logins come from \`PGUSER\`, \`PGPASSWORD\` and \`REDISCLI_AUTH\`, never from a command line.

**Is it still so, and why?** Ask the function, in the VPC, now; its answer names the reason:

\`\`\`sh
gcloud functions call "synthetics-$ENVIRONMENT-$KIND" --gen2 --region="$REGION" --data="{\\"targets\\":[\\"$TARGET\\"]}"
\`\`\`

**Is it one thing or many?** The dashboard shows causes first. Many targets behind one connector, database or load balancer that fail at the
same minute have one cause: begin with \`resource_not_ready\`, \`dns_unavailable\` and \`connect_timeout\`.

**Unknown is not down.** The reasons of the prober itself say nothing of the target; somebody else may still be without service.

**Is it planned work?** Silence the target, and nothing else, for as long as it takes:

\`\`\`sh
npx synthetics snooze "$TARGET" --for 30m --reason "what is done, and by whom"
\`\`\`

**Done?** The alert closes by itself once the target succeeds again. Ask the function once more, as above; then sign everything off:

\`\`\`sh
npx synthetics verify
\`\`\`

\`npx synthetics\` is run in a clone of the project, after \`npm ci && npm run build\`, with the configuration as \`synthetics.yaml\`. It calls Google's
APIs with the credentials of \`gcloud auth application-default login\`. \`npx synthetics run\` is no proof on a laptop: outside the VPC a private target
fails for a reason that is not its own.

## Contents
`;

/** @returns the whole file. */
export function runbooksMarkdown(): string {
  const body = (Object.keys(domains) as Domain[]).flatMap((domain) => [`## ${titles[domain]}`, '', ...ofDomain(domain).flatMap(section)]);
  return `${[head, ...contents, '', ...body].join('\n').trimEnd()}\n`;
}
