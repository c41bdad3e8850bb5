/** Serverless VPC Access: the connector through which functions and services reach the VPC (REST v1, `projects.locations.connectors`). */
import * as z from 'zod';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask } from './ask';
import type { vpcConnector } from './fields';
import { compare, compareResource, stateFinding, where } from './findings';
import { inLocation } from './names';

const answer = z.object({
  state: z.string().optional(),
  network: z.string().optional(),
  ipCidrRange: z.string().optional(),
  subnet: z.object({ name: z.string().optional() }).optional(),
  minInstances: z.number().optional(),
  maxInstances: z.number().optional(),
});

export async function checkVpcConnector(wanted: z.output<typeof vpcConnector>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = inLocation(wanted.name, 'connectors', context.run);
  const actual = await ask({ api: 'vpcaccess', version: 'v1', what: 'VPC connector', name, answer }, context);
  const subnet = actual.subnet?.name;
  // A connector in a subnet of its own has the subnet's range, which it does not repeat.
  const note = actual.ipCidrRange === undefined && subnet !== undefined ? `it is that of the subnet ${subnet}` : undefined;
  return [
    stateFinding(actual.state, 'READY'),
    ...where(wanted.network, (network) => compareResource('network', actual.network, network)),
    ...where(wanted.ipCidrRange, (range) => compare('ipCidrRange', actual.ipCidrRange, range, { note })),
    ...where(wanted.minInstances, (count) => compare('minInstances', actual.minInstances, count)),
    ...where(wanted.maxInstances, (count) => compare('maxInstances', actual.maxInstances, count)),
  ];
}
