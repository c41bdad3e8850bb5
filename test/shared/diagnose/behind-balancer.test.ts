/** When all that needs a load balancer fails: for which reasons that is the load balancer, and what speaks against it. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import { graphOf } from '../../../shared/diagnose/graph';
import { isMonitors, reasons, type Reason } from '../../../shared/reasons';
import { loaded, ownFolder } from '../../config/written';
import { observationsOf, type Scenario } from './outage';

const folder = ownFolder();
const file = `
http:
  pay: { url: https://pay.example.com/, public: true }
  mail: { url: https://mail.example.com/, public: true }
  beside: { url: https://pay.example.com/beside, public: true }
  elsewhere: { url: https://elsewhere.example.com/, public: true }
tcp:
  pay-port: { host: pay.example.com, port: 443, public: true }
platform:
  balancer: { backendService: { name: front } }
dependencies: { pay: [balancer], mail: [balancer], pay-port: [balancer] }
`;

let config: Config;
beforeAll(() => {
  config = loaded(folder, file);
});

function causesOf(seen: Scenario['seen'], unseen?: readonly string[]): readonly string[] {
  const { causes } = diagnose(graphOf(config, kinds), observationsOf(config, { seen, unseen }));
  return causes.map(({ cause }) => cause).toSorted();
}

const ofWays: readonly Reason[] = ['connect_refused', 'connect_timeout', 'unreachable', 'dns_not_found', 'dns_unavailable'];
const ofFronts: readonly Reason[] = ['connection_reset', 'tls_handshake', 'tls_not_offered'];
const ofGateways: readonly Reason[] = ['bad_gateway', 'overloaded'];
const both = (reason: Reason): Scenario['seen'] => ({ pay: reason, mail: reason, beside: reason });

test.each([...ofWays, ...ofFronts])('%s of all that needs it, on several hosts, is the load balancer', (reason) => {
  expect(causesOf({ ...both(reason), 'pay-port': reason })).toContain('load-balancer/front');
  expect(causesOf({ ...both(reason) })).not.toContain('load-balancer/front');
});

test.each(ofGateways)('%s is the load balancer, too, though connections are made', (reason) => {
  expect(causesOf(both(reason))).toContain('load-balancer/front');
});

test.each(
  (Object.keys(reasons) as Reason[]).filter((reason) => !isMonitors(reason) && ![...ofWays, ...ofFronts, ...ofGateways].includes(reason)),
)('%s says nothing of what is in front', (reason) =>
  expect(causesOf({ ...both(reason), 'pay-port': reason })).not.toContain('load-balancer/front'),
);

test('what works at one of the endpoints speaks against it', () => {
  expect(causesOf({ pay: 'bad_gateway', mail: 'bad_gateway' })).toEqual(['target/mail', 'target/pay']);
  expect(causesOf({ pay: 'connect_refused', mail: 'connect_refused', beside: 'connect_refused' })).not.toContain('load-balancer/front');
});

test('one host alone, or one of those that need it of which nothing is known, is not enough', () => {
  expect(causesOf({ pay: 'bad_gateway', beside: 'bad_gateway' })).not.toContain('load-balancer/front');
  expect(causesOf({ pay: 'bad_gateway', beside: 'bad_gateway' }, ['mail'])).not.toContain('load-balancer/front');
});

test('the commonest reason is told, and what the control plane says of the load balancer', () => {
  const seen = { pay: 'connect_refused', mail: 'tls_handshake', 'pay-port': 'connect_refused', beside: 'connect_refused' } as const;
  const told = (unseen: readonly string[] = []): unknown => {
    const { causes } = diagnose(graphOf(config, kinds), observationsOf(config, { seen, unseen }));
    return causes.find(({ cause }) => cause === 'load-balancer/front');
  };
  const count = '3 of 3 targets that need it fail, on 2 hosts (2 connect_refused, 1 tls_handshake): mail, pay, pay-port';
  expect(told()).toMatchObject({ reason: 'connect_refused', evidence: [count, 'balancer: the control plane says that it is well'] });
  expect(told(['balancer'])).toMatchObject({ evidence: [count] });
});
