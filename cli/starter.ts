/** The configuration that `synthetics init` writes. */

export const starter = `# What is watched, from inside the VPC. Check it with: npx synthetics check
# Durations are 500ms, 10s, 2m, 1h, 21d. Target names are lower-case letters, digits and hyphens, each once in the file.

environment: staging          # becomes part of every metric and of the names of what is deployed
project: my-project           # the Google Cloud project
region: us-central1

# How the functions reach the VPC: by a connector, or by Direct VPC egress with { network: my-vpc, subnet: my-subnet, warmUp: 60s }.
network: { connector: my-connector, egress: private-ranges-only }

# What goes for every target that does not say otherwise. Only the schedule of a kind counts before it: secrets are looked at hourly.
defaults: { schedule: "* * * * *", timeout: 10s, severity: critical, confirm: { attempts: 2, interval: 1s } }

# Hosts that no target and no checked secret may name, e.g. those of an environment that was given up.
forbiddenHosts: ["*.old.example.com"]

# Secrets that have to exist, be enabled, readable and well formed. No value is ever shown.
secrets:
  app:
    confirm: { attempts: 1 }                             # instead of the 2 above
    require:
      - { secret: database-url, format: url, schemes: [postgresql, postgres] }
      - { secret: jwt-secret, minLength: 32, maxAge: 365d }

# A value that may be secret is a text or { secret: name, version: latest }; \${secret:name} stands for one inside a text.
postgres:
  orders-db:
    url: { secret: database-url }
    # tls: { mode: verify-ca, ca: { secret: db-ca } }   # the default is verify-full with the usual authorities
    expect: { writable: true }                           # unmet: a failure
    warn: { connectionUtilizationBelow: 0.8 }            # unmet: degraded

redis:
  cache:
    host: 10.0.0.3
    port: 6379
    timeout: 3s                                          # instead of the 10s above
    warn: { memoryUtilizationBelow: 0.9 }

websocket:
  chat:
    url: wss://api.example.com/ws
    subprotocols: ["jwt-auth", "jwt.\${secret:probe-token|base64url}"]
    steps:
      - { send: { type: ping } }
      - { expect: "type == 'pong'", within: 5s, name: pong }   # JMESPath over each message; others are skipped

http:
  backend:
    url: https://api.example.com/health/ready
    expect: { status: [200], json: ["status == 'ready'"] }   # without status: any 2xx
    warn: { maxLatency: 5s, minCertificateValidity: 21d }

tcp:
  clickhouse:
    host: ch.internal
    port: 9440
    tls: { mode: verify-full }
    warn: { minCertificateValidity: 21d }
  mail:
    host: mail.internal
    port: 587
    steps:                                                       # RE2 over each line; others are skipped
      - { expect: "^220 ", within: 5s }
      - { send: "EHLO probe.internal\\r\\n" }
      - { expect: "^250 ", within: 5s }
      - { send: "STARTTLS\\r\\n" }
      - { expect: "^220 ", within: 5s }
      - { startTls: true }                                       # from here on with TLS, verified in full

journey:
  golden-path:
    timeout: 30s
    steps:
      - name: login
        http: { method: POST, url: https://api.example.com/auth/login, json: { email: probe@example.com, password: "\${secret:probe-password}" } }
        capture: { token: access_token }
      - name: profile
        http: { url: https://api.example.com/me, headers: { authorization: "Bearer \${token}" } }

platform:
  vpc: { vpcConnector: { name: my-connector, minInstances: 2 } }

# What a target needs to work: the cause is told, not everything that it blocks.
dependencies: { chat: [orders-db, cache], backend: [orders-db] }

# The sign-off after a fix: npx synthetics verify
verify:
  rounds: 3
  passRate: 0.8
  categories:
    data: { targets: [orders-db, cache], critical: true }

# Who is told. The first route that fits counts.
# alerts:
#   consecutive: 2
#   routes:
#     - { severity: critical, channels: [projects/my-project/notificationChannels/1] }
#     - { channels: [projects/my-project/notificationChannels/2] }

# Who may open the status page.
# status: { operators: ["group:sre@example.com"] }
`;
