/** Names of resources: written out, and compared by what they mean. */
import type { RunFacts } from '../../shared/probe';

type Place = Pick<RunFacts, 'project' | 'region'>;

/** @returns the name of a resource that lies in a location, by default the configuration's region. */
export function inLocation(name: string, collection: string, { project, region }: Place): string {
  return name.includes('/') ? name : `projects/${project}/locations/${region}/${collection}/${name}`;
}

/** @returns the name of a resource of Compute Engine, by default a global one. */
export function inCompute(name: string, collection: string, { project }: Place): string {
  return name.includes('/') ? withoutHost(name) : `projects/${project}/global/${collection}/${name}`;
}

/** @returns the name of a Cloud SQL instance, which may be given as its connection name, `project:region:name`. */
export function ofInstance(name: string, { project }: Place): string {
  if (name.includes('/')) return name;
  const [, owner = project, instance = name] = /^(.+):[^:]+:([^:]+)$/.exec(name) ?? [];
  return `projects/${owner}/instances/${instance}`;
}

/** @returns the relative name in a self link or full resource name. */
export function withoutHost(name: string): string {
  return name.replace(/^https?:\/\/[^/]+\/(compute\/[^/]+\/)?/, '').replace(/^\/\/[^/]+\//, '');
}

/** @returns the last part of a name. */
export function lastOf(name: string): string {
  return name.split('/').at(-1) ?? name;
}

/**
 * Compares two names as far as both go: a short one stands for a resource of that name in any project and place. A project's number
 * and a project's id can't be compared.
 */
export function compareNames(one: string, other: string): 'same' | 'different' | 'unclear' {
  const [a, b] = [one, other].map((name) => withoutHost(name).split('/').toReversed());
  let verdict: 'same' | 'unclear' = 'same';
  for (const [index, segment] of (a ?? []).entries()) {
    const opposite = b?.[index];
    if (opposite === undefined) break;
    if (segment === opposite) continue;
    const isProject = a?.[index + 1] === 'projects' && b?.[index + 1] === 'projects';
    if (!isProject || /^\d+$/.test(segment) === /^\d+$/.test(opposite)) return 'different';
    verdict = 'unclear';
  }
  return verdict;
}
