/** Which monitored resources take user-defined metrics, and with which labels (Cloud Monitoring, monitored resource types). */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';
import type { Labels, Labelled } from './types';

/** Labels besides `project_id`, which the server fills in. */
const writable: Readonly<Record<string, readonly string[]>> = {
  global: [],
  generic_task: ['location', 'namespace', 'job', 'task_id'],
  generic_node: ['location', 'namespace', 'node_id'],
  gce_instance: ['instance_id', 'zone'],
  k8s_cluster: ['location', 'cluster_name'],
  k8s_node: ['location', 'cluster_name', 'node_name'],
  k8s_pod: ['location', 'cluster_name', 'namespace_name', 'pod_name'],
  k8s_container: ['location', 'cluster_name', 'namespace_name', 'pod_name', 'container_name'],
  gke_container: ['cluster_name', 'namespace_id', 'instance_id', 'pod_id', 'container_name', 'zone'],
  dataflow_job: ['job_name', 'region'],
  aws_ec2_instance: ['instance_id', 'region', 'aws_account'],
};

/** The types that can be written to, for descriptors. */
export const writableTypes: readonly string[] = Object.keys(writable);

/** Gives the resource with its `project_id`, or throws INVALID_ARGUMENT: a type that is not writable, a label missing (an empty one is not) or unknown. */
export function checkResource(type: string, labels: Labels, project: string): Labelled {
  const known = writable[type];
  if (!known && !type.startsWith('k8s_')) throw new StatusError(status.INVALID_ARGUMENT, `Metrics cannot be written to ${type}.`);
  const required = known ?? ['location', 'cluster_name'];
  const missing = required.filter((key) => !Object.hasOwn(labels, key));
  if (missing.length > 0) {
    throw new StatusError(status.INVALID_ARGUMENT, `The set of resource labels is incomplete. Missing labels: (${missing.join(' ')}).`);
  }
  const foreign = known ? Object.keys(labels).filter((key) => key !== 'project_id' && !known.includes(key)) : [];
  if (foreign.length > 0) throw new StatusError(status.INVALID_ARGUMENT, `Unrecognized resource labels: (${foreign.join(' ')}).`);
  return { type, labels: { ...labels, project_id: labels['project_id'] || project } };
}
