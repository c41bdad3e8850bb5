/** Runbook of secrets; no command prints a value. */
import { commands, runbook } from './runbook';

const length = 'gcloud secrets versions access latest --secret=$SECRET | wc -c';
const add = 'gcloud secrets versions add $SECRET --data-file=-';

export const secret = {
  secret_missing: runbook(
    'Secret Manager has no secret of this name in this project.',
    ['Is it there under another name, or in another project?', 'gcloud secrets list --filter="name:$SECRET"'],
    ['Was it deleted? The audit log says by whom.', commands.secretAudit],
    ['Create it, then deploy again so that the accounts are let in.', 'gcloud secrets create $SECRET --replication-policy=automatic'],
    'The secret has an enabled version, and the application starts with it.',
  ),
  secret_disabled: runbook(
    'The version exists and is disabled: nobody can read it.',
    ['Which versions are there, in which state?', commands.secretVersions],
    ['Who disabled it, and why? A leak is a reason not to enable it again.', commands.secretAudit],
    ['Enable it, or add a new version.', 'gcloud secrets versions enable $VERSION --secret=$SECRET'],
    'The newest version is enabled.',
  ),
  secret_destroyed: runbook(
    '`latest` is the newest version whatever its state; it was destroyed, so nobody can read `latest`.',
    ['Is an older version still enabled?', commands.secretVersions],
    ['Who destroyed it, and why?', commands.secretAudit],
    ['Add a new version; a destroyed one never comes back.', add],
    '`latest` is enabled again.',
  ),
  secret_empty: runbook(
    'The version can be read, and there is nothing in it.',
    ['How many bytes has it?', length],
    ['When did the empty version come, and from which pipeline?', commands.secretVersions],
    ['Add a version with the value; disable the empty one.', add],
    'The length is what you expect; clients that started meanwhile were restarted.',
  ),
  secret_malformed: runbook(
    'The value breaks a rule of the configuration: format, scheme, length, pattern, white space. The message names the rule.',
    ['Which rule? The log of the prober names it, never the value.', commands.proberLog],
    ['Is a line end at its end? Count the bytes; `echo -n` or `printf` add none.', length],
    ['Was the last version added by hand? Compare its date with the incident.', commands.secretVersions],
    'The new version keeps all rules, and its clients were restarted.',
  ),
  secret_corrupt: runbook(
    'The bytes that came differ from the checksum that came with them.',
    ['Try again by hand: does it happen each time?', length],
    ['Is it one version only?', commands.secretVersions],
    ['Add the value again as a new version.', add],
    'The new version can be read.',
  ),
  secret_expiring: runbook(
    'The secret, or the certificate in it, ends soon. Secret Manager deletes an expired secret for good.',
    ['When does it end, and was that meant?', 'gcloud secrets describe $SECRET --format="yaml(expireTime,rotation)"'],
    ['Take the expiry away, or set a later one.', 'gcloud secrets update $SECRET --remove-expiration'],
    [
      'Is it a certificate? Look at its end date.',
      'gcloud secrets versions access latest --secret=$SECRET | openssl x509 -noout -subject -enddate',
    ],
    'The end lies further away than `minValidity`.',
  ),
  secret_stale: runbook(
    'The version is older than the configuration allows: a rotation was missed.',
    ['How old is it?', commands.secretVersions],
    ['Is a rotation planned, and did its last run work?', 'gcloud secrets describe $SECRET --format="yaml(rotation,topics)"'],
    ['Rotate it: first at the server, then here, then restart the clients.', add],
    'The age on the dashboard starts anew, and logins succeed.',
  ),
  secret_denied: runbook(
    'An account that must read this secret may not. Its service will not start again.',
    ['Who may read it?', commands.secretPolicy],
    ['Who changed the policy, and when?', commands.secretAudit],
    [
      'Let the account in, on this secret alone.',
      'gcloud secrets add-iam-policy-binding $SECRET --member=$MEMBER --role=roles/secretmanager.secretAccessor',
    ],
    'The account stands in the policy of the secret, not of the whole project.',
  ),
};
