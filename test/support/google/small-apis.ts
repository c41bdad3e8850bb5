/** What gcloud asks of APIs that a deployment only passes by: Cloud Build, Artifact Registry, Serverless VPC Access. */
import { route } from './rest';
import type { Api } from './rest';
import type { World } from './world';

/** The APIs. */
export function createSmallApis({ project, number }: World): readonly Api[] {
  return [
    {
      name: 'cloudbuild',
      routes: [
        route('GET', '/v1/projects/{project}/locations/{location}/defaultServiceAccount', () => ({
          name: `projects/${number}/locations/global/defaultServiceAccount`,
          serviceAccountEmail: `projects/${project}/serviceAccounts/${number}-compute@developer.gserviceaccount.com`,
        })),
      ],
    },
    { name: 'artifactregistry', routes: [] },
    { name: 'logging', routes: [] },
    { name: 'vpcaccess', routes: [] },
  ];
}
