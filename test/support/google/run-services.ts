/** The Cloud Run services underneath the functions: revisions, addresses, and what `gcloud run services update` changes. */
import { createHash, randomUUID } from 'node:crypto';
import { createCollection } from './collection';
import type { Collection, Named } from './collection';
import type { CloudFunction } from './functions';
import type { Document } from './rest';
import type { World } from './world';

/** A service as far as it is ours to keep. */
export interface RunService extends Named {
  readonly id: string;
  readonly location: string;
  readonly uid: string;
  readonly generation: number;
  readonly uri: string;
  readonly createTime: string;
  readonly function: CloudFunction;
  /** Of the template, e.g. `run.googleapis.com/cloudsql-instances`. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The services. */
export interface RunServices {
  readonly services: Collection<RunService>;
  /**
   * Makes a new revision. What was changed on the service itself and not by way of the function is lost: nobody promises that it stays.
   * @returns what the function says of its service.
   */
  readonly deploy: (fn: CloudFunction) => Document & { readonly uri: string; readonly revision: string };
  /** @param name of the function. */
  readonly remove: (name: string) => void;
  readonly revisionOf: (service: RunService) => string;
}

/** No services yet. */
export function createRunServices({ project, number, policies, timestamp }: World): RunServices {
  const services = createCollection<RunService>();
  const revisionOf = ({ id, generation, uid }: RunService): string => `${id}-${String(generation).padStart(5, '0')}-${uid.slice(0, 3)}`;
  return {
    services,
    revisionOf,
    deploy(fn) {
      const [location = '', id = ''] = fn.name.split('/').filter((_part, index) => index === 3 || index === 5);
      const name = `projects/${project}/locations/${location}/services/${id}`;
      const present = services.find(name);
      const hash = createHash('sha256').update(`${number}${location}`).digest('hex').replace(/[0-9]/g, '').slice(0, 10).padEnd(10, 'x');
      const service = services.put({
        name,
        id,
        location,
        uid: present?.uid ?? randomUUID(),
        generation: (present?.generation ?? 0) + 1,
        uri: present?.uri ?? `http://${id}-${hash}-uc.a.run.app`,
        createTime: present?.createTime ?? timestamp(),
        function: fn,
        annotations: {},
      });
      return { service: name, uri: service.uri, revision: revisionOf(service) };
    },
    remove(functionName) {
      const name = functionName.replace('/functions/', '/services/');
      if (services.find(name)) services.remove(name);
      policies.remove(name);
    },
  };
}
