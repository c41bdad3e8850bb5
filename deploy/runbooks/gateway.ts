/** Runbook of what stands in front of a service. */
import { commands, runbook } from './runbook';

export const gateway = {
  bad_gateway: runbook(
    'The load balancer answered 502 or 504 in place of the service: it could not reach it, or waited in vain.',
    ['What does the balancer say? `statusDetails` in its log names the cause.', commands.balancerLog],
    ['Are the backends healthy? Serverless ones have no health: look at the service instead.', commands.backends],
    ['Does the service run and start in time?', commands.service],
    'The log of the balancer shows `response_sent_by_backend` again.',
  ),
  headers_stripped: runbook(
    'Called directly the service lets the login in; through the load balancer it does not. Something takes headers away.',
    [
      'Does the load balancer rewrite request headers?',
      'gcloud compute backend-services describe $BACKEND --global --format="yaml(customRequestHeaders,iap)"',
    ],
    ['Does its URL map remove headers?', 'gcloud compute url-maps describe $URL_MAP --format=yaml | grep -B2 -A6 -i header'],
    ['Is there another proxy in between, e.g. a CDN or Cloud Armor?', 'gcloud compute security-policies list'],
    'The login passes through the load balancer with `Authorization` and with the subprotocol.',
  ),
};
