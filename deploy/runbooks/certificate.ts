/** Runbook of certificates and TLS. */
import { commands, runbook } from './runbook';

export const certificate = {
  certificate_expired: runbook(
    'A certificate of the chain is past its end. Every client that verifies is locked out.',
    ['Which certificate of the chain is it, and since when?', commands.dates],
    ['Is it managed by Google? Its status says why the renewal failed (most often DNS or CAA).', commands.managedCertificates],
    ['Is it Cloud SQL? Its server CA needs a rotation.', 'gcloud sql ssl server-ca-certs list --instance=$INSTANCE'],
    'The new end date is served by every address of the name, not by one of them.',
  ),
  certificate_not_yet_valid: runbook(
    'The certificate begins in the future: it was installed too early, or a clock is wrong.',
    ['When does it begin?', commands.dates],
    ['Was a certificate deployed just now? Go back to the previous one until then.', commands.managedCertificates],
    ['Is the clock of the machine that issued it right?', 'date -u; chronyc tracking'],
    'The begin date lies in the past.',
  ),
  certificate_untrusted: runbook(
    'The chain does not end at an authority that the prober trusts. Nothing was sent to the server.',
    ['Does the server send its intermediates? The chain should have more than one certificate.', commands.handshake],
    ['Was the server CA rotated? Then `tls.ca` in the configuration is the old one.', commands.dates],
    [
      'Cloud SQL: compare its CA with the secret or file that `tls.ca` names.',
      'gcloud sql instances describe $INSTANCE --format="value(serverCaCert.sha1Fingerprint,serverCaCert.expirationTime)"',
    ],
    '`openssl s_client -CAfile ca.pem -verify_return_error` ends with `Verify return code: 0 (ok)`.',
  ),
  certificate_name_mismatch: runbook(
    'The certificate is good, but for other names: somebody else answers at this address, or it is called by a wrong name.',
    ['Which names does the certificate carry?', commands.names],
    ['Does the name lead to the right address?', 'dig +short $HOST'],
    ['Does the load balancer present the right certificate for this name?', commands.managedCertificates],
    'The name asked for stands among the names of the certificate.',
  ),
  certificate_expiring: runbook(
    'Still valid, but not for long: the renewal that should have happened did not.',
    ['How many days are left, and on which certificate?', commands.dates],
    ['Is it managed by Google? Look for a status other than ACTIVE.', commands.managedCertificates],
    ['Does the name still lead to the load balancer? A managed renewal needs it.', 'dig +short $HOST; dig +short CAA $HOST'],
    'The days until expiry jump up on the dashboard.',
  ),
  tls_handshake: runbook(
    'The port is open, but no TLS session came about.',
    ['Does the port speak TLS at all, and which versions?', commands.handshake],
    [
      'Does it ask for a client certificate? Then `tls.cert` and `tls.key` are needed.',
      `${commands.handshake} | grep -A2 "client certificate"`,
    ],
    ['Was the TLS policy of the load balancer changed?', 'gcloud compute ssl-policies list'],
    '`openssl s_client` shows a protocol and a cipher.',
  ),
  tls_not_offered: runbook(
    'The server was asked for TLS in its own protocol and said no.',
    ['Is TLS switched on at the server?', 'gcloud sql instances describe $INSTANCE --format="yaml(settings.ipConfiguration)"'],
    ['Is this the right port? Some servers have one port with TLS and one without.', commands.port],
    ['Should it be plain inside the VPC? Then say `tls: {mode: disable}`, knowingly.', commands.check],
    'The dashboard shows the phase `tls` for this target.',
  ),
};
