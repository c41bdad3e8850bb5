/** What can break in the load balancer. */
import type { Target } from '../../../shared/config/config';
import type { Reason } from '../../../shared/reasons';
import type { Outcome } from '../../../shared/result';
import type { Certificates } from '../services';
import { failing, type Fault, type Symptom } from './fault';

/** What is reached through it. */
const behind: ReadonlySet<string> = new Set(['websocket', 'http', 'journey']);

/** A certificate in place of the good one: everything behind the load balancer suffers. */
const certificate = (
  wrong: keyof Certificates,
  reason: Reason,
  outcome: Outcome = 'failure',
): Pick<Fault, 'breaks' | 'expects' | 'strike'> => ({
  breaks: 'load-balancer/certificate',
  expects: (targets: readonly Target[]): Symptom[] =>
    targets
      .filter(({ kind }) => behind.has(kind))
      .map(({ kind, name }) => ({ kind, target: name, outcome, reason, owner: 'infrastructure' })),
  async strike({ loadBalancer, certificates }) {
    loadBalancer.setCertificate(certificates[wrong]);
    return async () => loadBalancer.setCertificate(certificates.good);
  },
});

export const loadBalancerFaults: readonly Fault[] = [
  {
    name: 'headers-stripped',
    title: 'The load balancer takes Authorization and Sec-WebSocket-Protocol away, which the login needs',
    breaks: 'load-balancer/headers',
    expects: [
      ...failing('websocket', 'chat')('headers_stripped', 'infrastructure'),
      // A journey has no other way in to compare with.
      ...failing('journey', 'golden-path')('credentials_rejected', 'operator'),
    ],
    async strike({ loadBalancer }) {
      loadBalancer.strip(['Authorization', 'Sec-WebSocket-Protocol']);
      return async () => loadBalancer.strip([]);
    },
  },
  {
    name: 'certificate-expired',
    title: 'The load balancer shows a certificate that expired yesterday',
    ...certificate('expired', 'certificate_expired'),
  },
  {
    name: 'certificate-expires-soon',
    title: 'The load balancer shows a certificate that expires in ten days',
    ...certificate('expiring', 'certificate_expiring', 'degraded'),
  },
  {
    name: 'certificate-for-another-name',
    title: 'The load balancer shows a certificate for another name',
    ...certificate('forAnotherName', 'certificate_name_mismatch'),
  },
  {
    name: 'certificate-self-signed',
    title: 'The load balancer shows a certificate that it signed itself',
    ...certificate('selfSigned', 'certificate_untrusted'),
  },
];
