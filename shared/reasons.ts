/** The catalogue of reasons: what can be wrong, in which domain, who acts on it, and what to look at first. */

export const domains = {
  network: 'infrastructure',
  certificate: 'infrastructure',
  credentials: 'operator',
  capacity: 'infrastructure',
  state: 'infrastructure',
  service: 'application',
  gateway: 'infrastructure',
  secret: 'operator',
  platform: 'infrastructure',
  monitor: 'monitor',
} as const;

/** What is broken. */
export type Domain = keyof typeof domains;
/** Who acts. */
export type Owner = 'infrastructure' | 'application' | 'operator' | 'monitor';

/** What is known of a reason before anything happened. */
interface ReasonEntry {
  readonly domain: Domain;
  /** What to look at first, for the person who was paged. */
  readonly hint: string;
}

const reason = <D extends Domain>(domain: D, hint: string): { readonly domain: D; readonly hint: string } => ({ domain, hint });

const routeHint =
  'A client that prints "error -3" at a literal address means the same: the network is unreachable, not the name. Look at the VPC connector (READY?), its routes and the firewall.';

export const reasons = {
  dns_not_found: reason(
    'network',
    'The name does not exist for the resolver that the function uses. Check its spelling and the private DNS zone attached to the VPC.',
  ),
  dns_unavailable: reason(
    'network',
    `The resolver did not answer (EAI_AGAIN, "error -3" in Python clients). Check Cloud DNS and the egress of the function. ${routeHint}`,
  ),
  connect_refused: reason('network', 'The host answers, but nothing listens on this port. Check that the service runs and on which port.'),
  connect_timeout: reason(
    'network',
    `No answer to the connection attempt: a firewall drops it or there is no way to the host. ${routeHint}`,
  ),
  unreachable: reason(
    'network',
    'There is no route to the address, or the socket file does not exist. Check the VPC connector, peering and routes; for /cloudsql/ the attached instance.',
  ),
  connection_reset: reason(
    'network',
    'The connection was closed before the exchange was over. Check whether the server restarts, is overloaded, or a proxy in between gives up.',
  ),

  certificate_expired: reason('certificate', 'Renew the certificate; check why its renewal did not happen.'),
  certificate_not_yet_valid: reason(
    'certificate',
    "Check the certificate's start of validity and the clock of the machine that issued it.",
  ),
  certificate_untrusted: reason(
    'certificate',
    'The chain does not end at a trusted authority. Check that the server sends its intermediates and that `tls.ca` is its authority.',
  ),
  certificate_name_mismatch: reason(
    'certificate',
    'The certificate is for other names. Check the host in the configuration, `tls.serverName`, and which certificate the server presents.',
  ),
  certificate_expiring: reason('certificate', 'The certificate expires soon. Renew it; check why its renewal did not happen.'),
  tls_handshake: reason(
    'certificate',
    'The TLS handshake failed. Check that the port speaks TLS, the protocol versions, and whether a client certificate is asked for.',
  ),
  tls_not_offered: reason(
    'certificate',
    'The server does not offer TLS on this port. Switch it on at the server, or set `tls: {mode: disable}`.',
  ),

  credentials_rejected: reason(
    'credentials',
    'User name, password or token were refused. Compare the secret with what the server expects; was it rotated on one side only?',
  ),
  permission_denied: reason('credentials', 'The login is good, but it lacks a permission. Grant what the message names.'),

  too_many_connections: reason('capacity', "Connections run out. Look for a leak in a client's pool, or raise the limit."),
  out_of_memory: reason('capacity', 'The server runs out of memory. Look at what grew, at eviction, and at the size of the instance.'),
  overloaded: reason('capacity', 'The service turns work away. Look at its load, its instances and its limits.'),

  starting_up: reason('state', 'The server is starting or loading its data. Find out why it restarted; wait for it.'),
  shutting_down: reason('state', 'The server is being stopped. Find out who stopped it.'),
  read_only: reason('state', 'The server does not take writes. Check for a fail-over, a full disk, or a standby behind this address.'),
  not_primary: reason('state', 'This is not the primary node. Check for a fail-over and the address that clients use.'),
  database_missing: reason(
    'state',
    'The database of this name does not exist on the server. Check the name and whether the right instance is addressed.',
  ),
  replication_lagging: reason('state', 'The replica is behind. Look at the load of the primary and at the connection between the two.'),

  unexpected_status: reason(
    'service',
    "The service answered with another status than expected. Look at the service's own log at this time.",
  ),
  unexpected_close: reason(
    'service',
    "The service closed the connection unasked. Look at the service's own log at this time; 1011 is an error inside it.",
  ),
  protocol_error: reason('service', 'The answer is not in the protocol that was expected. Check what listens on this port.'),
  upgrade_rejected: reason(
    'service',
    'The WebSocket upgrade was refused. Check path and host, and that every proxy in between allows WebSocket.',
  ),
  assertion_failed: reason('service', 'The service answered, but not what it should. The message names the condition.'),
  timeout: reason(
    'service',
    'The service accepted the connection and then did not answer in time. Look whether it hangs: threads, locks, pools, CPU.',
  ),
  too_slow: reason('service', 'The service answered, but slower than it should. Look at its load and at what it waits for.'),
  query_failed: reason('service', 'The query was refused. Check the query against the schema.'),
  body_too_large: reason('service', 'The answer is larger than allowed. Ask for less.'),

  bad_gateway: reason('gateway', 'The load balancer could not reach the service behind it. Check the backends and their health.'),
  headers_stripped: reason(
    'gateway',
    'The service lets the login in when it is called directly: something in front removes `Authorization` or `Sec-WebSocket-Protocol`. Check the load balancer.',
  ),

  secret_missing: reason('secret', 'Create the secret, or correct its name in the configuration.'),
  secret_disabled: reason('secret', 'Enable the version, or add a new one.'),
  secret_destroyed: reason('secret', '`latest` is the newest version whatever its state. Add a new version.'),
  secret_empty: reason('secret', 'Add a version with a value.'),
  secret_malformed: reason('secret', 'Add a version with a value that keeps the rule which the message names.'),
  secret_corrupt: reason('secret', 'The value does not match its checksum. Add the version again.'),
  secret_expiring: reason('secret', 'Renew it before it expires: Secret Manager deletes an expired secret for good.'),
  secret_stale: reason('secret', 'Rotate it: it is older than allowed.'),
  secret_denied: reason('secret', 'Grant roles/secretmanager.secretAccessor on the secret to the account which the message names.'),

  resource_missing: reason('platform', 'The resource does not exist. Create it, or correct its name in the configuration.'),
  resource_not_ready: reason('platform', 'The resource exists but is not ready. Look at its state in the console.'),
  resource_misconfigured: reason('platform', 'The resource differs from what is expected. The message holds both values.'),

  config_invalid: reason('monitor', 'The configuration of the monitor is wrong. Correct it and deploy again.'),
  secret_unavailable: reason(
    'monitor',
    'A secret that this target needs could not be read, so the target was not tried. See the `secrets` targets.',
  ),
  api_denied: reason(
    'monitor',
    "The monitor's own service account lacks a permission. Grant what the message names; nothing is said about the target.",
  ),
  api_unavailable: reason('monitor', "One of Google's APIs did not answer the monitor. Nothing is said about the target."),
  prober_exhausted: reason(
    'monitor',
    'The monitor ran out of its own means (files, time, CPU). Give it more, or fewer targets. Nothing is said about the target.',
  ),
  internal: reason('monitor', 'An error in the monitor itself. Please report it with the message. Nothing is said about the target.'),
} as const satisfies Record<string, ReasonEntry>;

/** Every reason there is. */
export type Reason = keyof typeof reasons;

/** @returns the domain of a reason. */
export function domainOf(name: Reason): Domain {
  return reasons[name].domain;
}

/** Reasons of a service that are its application's whoever runs the service itself: what was asked of it, and what it answered. */
const alwaysApplication = new Set<Reason>(['assertion_failed', 'query_failed']);

/**
 * @param serviceOwner who runs the service that the kind probes; its answers are the application's all the same.
 * @returns who acts on a reason.
 */
export function ownerOf(name: Reason, serviceOwner: 'application' | 'infrastructure' = 'application'): Owner {
  const domain = domainOf(name);
  return domain === 'service' && !alwaysApplication.has(name) ? serviceOwner : domains[domain];
}

/** @returns true for the reasons that mean "could not tell": the prober, its configuration or its access is at fault. */
export function isMonitors(name: Reason): boolean {
  return domainOf(name) === 'monitor';
}
