/** Resource Manager: the project and its IAM policy (v1 and v3). */
import { route } from './rest';
import type { Api } from './rest';
import type { World } from './world';

/** The API. */
export function createProjects({ project, number, policies }: World): Api {
  const resource = `projects/${project}`;
  return {
    name: 'cloudresourcemanager',
    routes: [
      route('GET', '/v1/projects/{project}', () => ({
        projectId: project,
        projectNumber: number,
        name: project,
        lifecycleState: 'ACTIVE',
        createTime: '2025-01-01T00:00:00.000Z',
      })),
      route('GET', '/v3/projects/{project}', () => ({
        name: `projects/${number}`,
        projectId: project,
        displayName: project,
        state: 'ACTIVE',
        createTime: '2025-01-01T00:00:00Z',
        etag: 'W/"8c5b6c1d2e3f4a5b"',
      })),
      ...['v1', 'v3'].flatMap((version) => [
        route('POST', `/${version}/projects/{project}:getIamPolicy`, () => policies.get(resource)),
        route('POST', `/${version}/projects/{project}:setIamPolicy`, ({ body }) => policies.set(resource, body)),
        route('POST', `/${version}/projects/{project}:testIamPermissions`, ({ body }) => ({ permissions: body['permissions'] ?? [] })),
      ]),
    ],
  };
}
