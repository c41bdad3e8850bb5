/** The stand-in for Google's REST APIs, over plain HTTP. */
import { startPlatformStandIn } from '../../../local/emulators/platform';
import type { PlatformStandIn } from '../../../local/emulators/platform';
import { RestError } from '../../../local/emulators/platform/rest-error';

let standIn: PlatformStandIn;

beforeEach(async () => {
  standIn = await startPlatformStandIn();
});
afterEach(() => standIn.close());

const path = (project: string): string => `/cloudresourcemanager/v3/projects/${project}:getIamPolicy`;
const call = async (at: string, init: RequestInit = {}): Promise<[number, unknown]> => {
  const response = await fetch(`http://${standIn.address}${at}`, init);
  return [response.status, await response.json()];
};
const policyOf = (project: string): Promise<[number, unknown]> =>
  call(path(project), { method: 'POST', body: '{"options":{"requestedPolicyVersion":3}}' });

test('a policy is read as it was set', async () => {
  const bindings = [{ role: 'roles/secretmanager.secretAccessor', members: ['serviceAccount:backend@p.iam.gserviceaccount.com'] }];
  standIn.iamPolicy('p', { bindings });
  expect(await policyOf('p')).toEqual([200, expect.objectContaining({ version: 1, bindings })]);
  expect(standIn.requests()).toEqual([{ method: 'POST', path: path('p'), query: {}, body: { options: { requestedPolicyVersion: 3 } } }]);
});

test('a policy that is not set, or taken away, is refused', async () => {
  const refusal = { error: { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' } };
  expect(await policyOf('p')).toEqual([403, refusal]);
  standIn.iamPolicy('p', {});
  expect((await policyOf('p'))[0]).toBe(200);
  standIn.iamPolicy('p', undefined);
  expect(await policyOf('p')).toEqual([403, refusal]);
});

test.each([
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
])('a fault answers %i in the shape of Google errors', async (code, name) => {
  standIn.iamPolicy('p', {});
  const heal = standIn.fault({ code, message: 'as told', resource: 'projects/p' });
  expect(await policyOf('p')).toEqual([code, { error: { code, message: 'as told', status: name } }]);
  heal();
  standIn.fault({ code, times: 1 });
  expect((await policyOf('p'))[0]).toBe(code);
  expect((await policyOf('p'))[0]).toBe(200);
});

test('a fault holds an answer back, or for ever', async () => {
  standIn.iamPolicy('p', {});
  standIn.fault({ delayMs: 200, times: 1 });
  const before = performance.now();
  await policyOf('p');
  expect(performance.now() - before).toBeGreaterThan(190);
  standIn.fault({ blackHole: true });
  await expect(fetch(`http://${standIn.address}${path('p')}`, { method: 'POST', signal: AbortSignal.timeout(200) })).rejects.toThrow(
    'timeout',
  );
});

test('closing ends a call that waits', async () => {
  standIn.fault({ delayMs: 60_000 });
  const waiting = policyOf('p').then(
    () => 'answered',
    () => 'cut',
  );
  while (standIn.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await standIn.close();
  expect(await waiting).toBe('cut');
});

test('resources are found where they were put', async () => {
  const connector = '/vpcaccess/v1/projects/p/locations/l/connectors/c';
  expect(await call(connector)).toEqual([404, { error: expect.objectContaining({ code: 404, status: 'NOT_FOUND' }) }]);
  standIn.put(connector, { state: 'READY' });
  expect(await call(`${connector}?alt=json`)).toEqual([200, { state: 'READY' }]);
  expect((await call(connector, { method: 'DELETE' }))[0]).toBe(404);
  standIn.put(connector, undefined);
  expect((await call(connector))[0]).toBe(404);
});

test('routes can be added', async () => {
  standIn.route({
    method: 'POST',
    path: /^\/(?<api>logging)\/v2\/entries:list$/,
    handle({ body }) {
      if (!body) throw new RestError(400, 'resourceNames is required');
      return { entries: [] };
    },
  });
  expect(await call('/logging/v2/entries:list', { method: 'POST', body: '{}' })).toEqual([200, { entries: [] }]);
  expect(await call('/logging/v2/entries:list', { method: 'POST' })).toEqual([
    400,
    { error: { code: 400, message: 'resourceNames is required', status: 'INVALID_ARGUMENT' } },
  ]);
  expect((await call('/logging/v2/entries:list', { method: 'POST', body: '{' }))[0]).toBe(400);
});
