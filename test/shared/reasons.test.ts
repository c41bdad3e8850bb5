/** The closed list of reasons, as alert routes, runbooks and people rely on it: what is broken, and who acts. */
import { domainOf, isMonitors, ownerOf, reasons, type Domain, type Owner, type Reason } from '../../shared/reasons';

const table: Readonly<Record<Domain, { readonly owner: Owner; readonly reasons: string }>> = {
  network: {
    owner: 'infrastructure',
    reasons: 'dns_not_found dns_unavailable connect_refused connect_timeout unreachable connection_reset',
  },
  certificate: {
    owner: 'infrastructure',
    reasons:
      'certificate_expired certificate_not_yet_valid certificate_untrusted certificate_name_mismatch certificate_expiring tls_handshake tls_not_offered',
  },
  credentials: { owner: 'operator', reasons: 'credentials_rejected permission_denied' },
  capacity: { owner: 'infrastructure', reasons: 'too_many_connections out_of_memory overloaded' },
  state: {
    owner: 'infrastructure',
    reasons: 'starting_up shutting_down read_only not_primary database_missing replication_lagging',
  },
  service: {
    owner: 'application',
    reasons:
      'unexpected_status unexpected_close protocol_error upgrade_rejected assertion_failed timeout too_slow query_failed body_too_large',
  },
  gateway: { owner: 'infrastructure', reasons: 'bad_gateway headers_stripped' },
  secret: {
    owner: 'operator',
    reasons:
      'secret_missing secret_disabled secret_destroyed secret_empty secret_malformed secret_corrupt secret_expiring secret_stale secret_denied',
  },
  platform: { owner: 'infrastructure', reasons: 'resource_missing resource_not_ready resource_misconfigured' },
  monitor: { owner: 'monitor', reasons: 'config_invalid secret_unavailable api_denied api_unavailable prober_exhausted internal' },
};

const all = Object.entries(table).flatMap(([domain, { owner, reasons: names }]) =>
  names.split(' ').map((name) => ({ name: name as Reason, domain, owner })),
);

describe('the reasons', () => {
  test('are these and no others', () => {
    expect(Object.keys(reasons).toSorted()).toEqual(all.map(({ name }) => name).toSorted());
  });

  test.each(all)('$name is of the domain $domain, and $owner acts', ({ name, domain, owner }) => {
    expect(domainOf(name)).toBe(domain);
    expect(ownerOf(name)).toBe(owner);
    expect(ownerOf(name, 'application')).toBe(owner);
    expect(isMonitors(name)).toBe(domain === 'monitor');
  });

  test.each(all)('$name says what to look at first, in whole sentences', ({ name }) => {
    expect(reasons[name].hint).toMatch(/^[A-Z`].{20,}[.?]$/s);
  });

  test.each(['dns_unavailable', 'connect_timeout'] as const)('%s tells that a lost way looks like a lost name in Python', (name) => {
    expect(reasons[name].hint).toMatch(/error -3.*VPC connector/);
  });
});

describe('of a server that the infrastructure runs', () => {
  const services = all.filter(({ domain }) => domain === 'service').map(({ name }) => name);

  test.each(services)('%s is its own, unless it is what was asked or answered', (name) => {
    const isAnswer = name === 'assertion_failed' || name === 'query_failed';
    expect(ownerOf(name, 'infrastructure')).toBe(isAnswer ? 'application' : 'infrastructure');
  });

  test.each(all.filter(({ domain }) => domain !== 'service'))('$name stays with $owner', ({ name, owner }) => {
    expect(ownerOf(name, 'infrastructure')).toBe(owner);
  });
});
