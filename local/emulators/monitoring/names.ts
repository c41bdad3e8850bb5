/** Resource names of the Monitoring API. */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';

/** The project of `projects/P` or of anything below it; other names are INVALID_ARGUMENT. */
export function projectOf(name: string): string {
  const [, project] = /^projects\/([^/]+)(?:\/|$)/.exec(name) ?? [];
  if (project === undefined) throw new StatusError(status.INVALID_ARGUMENT, `Name must begin with 'projects/{project}', got: '${name}'.`);
  return project;
}
