/** Policies on hosts that fail for the world while nobody inside says so. */
import { severities } from '../../../shared/result';
import type { PlanContext } from '../../plan/plan';
import { plainDocumentation } from '../documentation';
import { outsideHosts, outsideQuery } from '../outside';
import type { PolicyDraft } from '../policy';

/** Hosts in one query, and conditions in a policy; a project has at most 100 uptime checks. */
const hostsInQuery = 20;

export function outsidePolicies(context: PlanContext): readonly PolicyDraft[] {
  const hosts = outsideHosts(context);
  return severities.flatMap((severity): readonly PolicyDraft[] => {
    const rank = severities.indexOf(severity);
    const own = hosts.filter(({ targets }) => Math.min(...targets.map((target) => severities.indexOf(target.severity))) === rank);
    if (own.length === 0) return [];
    const queries = Array.from({ length: Math.ceil(own.length / hostsInQuery) }, (_, index) =>
      own
        .slice(index * hostsInQuery, (index + 1) * hostsInQuery)
        .map((host) => outsideQuery(context, host))
        .join(' or '),
    );
    return [
      {
        key: `outside-${severity}`,
        title: `${severity} public targets fail from outside only`,
        severity,
        owner: 'infrastructure',
        conditions: queries.map((query, index) => ({ name: index === 0 ? 'outside' : `outside, part ${index + 1}`, query })),
        subject: `\${metric_or_resource.label.host} can't be reached from outside (${severity})`,
        content: plainDocumentation(context, {
          title: "${metric_or_resource.label.host} can't be reached from outside",
          meaning: [
            'Uptime checks fail from several regions of the world, and the monitor inside the VPC does not say so: it is silent, or it sees the target well.',
            'So either the region is lost together with the monitor, or the way in is broken.',
          ],
          owner: 'infrastructure',
          looks: [
            'Is the monitor silent at the same time? Then look for an incident of the region: https://status.cloud.google.com',
            'The way in: public DNS, the load balancer, its certificate, Cloud Armor, an expired domain.',
            'Try it from anywhere else: `curl -v https://${metric_or_resource.label.host}/`',
          ],
          closes: 'The uptime checks turn green by themselves.',
        }),
      },
    ];
  });
}
