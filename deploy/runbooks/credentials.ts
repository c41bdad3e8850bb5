/** Runbook of credentials and permissions at the target. */
import { commands, runbook } from './runbook';

export const credentials = {
  credentials_rejected: runbook(
    'The target is up and refused the login. The newest version of the secret was tried as well.',
    ['Was the secret rotated at this time? Its newest version tells.', commands.secretVersions],
    ['Was the password changed at the server and not in the secret?', 'gcloud sql operations list --instance=$INSTANCE --limit=5'],
    ["Do the application's own logins fail as well? Then this is an outage, not a test account.", commands.serviceLog],
    'The login succeeds with the newest version, and the application has been restarted if it caches the old one.',
  ),
  permission_denied: runbook(
    'The login is good; what the account then asked for is not allowed to it.',
    ['What is missing? The message names it; PostgreSQL lists the grants.', `psql "host=$HOST port=$PORT dbname=$DATABASE" -c '\\dp'`],
    ['HTTP 403: did IAM or IAP change for the service?', 'gcloud run services get-iam-policy $SERVICE --region=$REGION'],
    ['Redis NOPERM: which command was refused, and to whom?', 'redis-cli -h $HOST -p $PORT ACL LOG 5'],
    'Only what the probe needs was granted, and no more.',
  ),
};
