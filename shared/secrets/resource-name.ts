/** The one name of a secret: a bare name and a full one may mean the same. */

/**
 * @param project whose secrets a bare name means. A project's number is not known to be its id.
 * @returns `projects/P/secrets/S` or `projects/P/locations/L/secrets/S`.
 */
export function secretResource(name: string, project: string): string {
  return name.startsWith('projects/') ? name : `projects/${project}/secrets/${name}`;
}
