/** The stand-in refuses as Google does, records what it is asked, and lets nothing out. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { callApi } from './rest-client';
import { objectOf } from './rest';
import { startGoogle } from './stand-in';
import type { GoogleStandIn } from './stand-in';

const project = 'http://cloudresourcemanager.test/v1/projects/netra-staging';
const accounts = 'http://iam.test/v1/projects/netra-staging/serviceAccounts';

describe('the stand-in', () => {
  let google: GoogleStandIn;
  const ask = (method: string, url: string, body?: object) => callApi(google, method, url, body);

  beforeEach(async () => {
    google = await startGoogle({ secrets: ['database-url'] });
  });
  afterEach(() => google.close());

  it('wants its token, its project and an enabled API', async () => {
    expect(await callApi(google, 'GET', project, undefined, 'Bearer another')).toMatchObject({ status: 401 });
    expect(await ask('GET', project)).toMatchObject({ status: 200, body: { projectNumber: google.number } });
    expect(await ask('GET', 'http://iam.test/v1/projects/another/serviceAccounts')).toMatchObject({ status: 403 });
    const jobs = 'http://cloudscheduler.test/v1/projects/netra-staging/locations/us-central1/jobs';
    expect(await ask('GET', jobs)).toMatchObject({ status: 403, body: { error: { details: [{ reason: 'SERVICE_DISABLED' }] } } });
    await ask('POST', 'http://serviceusage.test/v1/projects/netra-staging/services/cloudscheduler.googleapis.com:enable', {});
    expect(await ask('GET', jobs)).toEqual({ status: 200, body: {} });
  });

  it('records every request, and tells writes from reads', async () => {
    await ask('POST', `${project}:getIamPolicy`, {});
    await ask('POST', accounts, { accountId: 'prober', serviceAccount: { displayName: 'Prober' } });
    expect(google.requests()).toHaveLength(2);
    expect(google.writes()).toMatchObject([{ api: 'iam', method: 'POST', body: { accountId: 'prober' }, status: 200 }]);
    google.forgetRequests();
    expect(google.requests()).toEqual([]);
  });

  it('tells of everything that nobody here answers, also of attempts to leave', async () => {
    expect(await ask('GET', 'http://example.com/secrets')).toMatchObject({ status: 502 });
    expect(await ask('GET', 'http://iam.test/v9/nothing')).toMatchObject({ status: 404 });
    const { hostname, port } = new URL(google.proxy);
    const socket = connect(Number(port), hostname);
    socket.write('CONNECT www.googleapis.com:443 HTTP/1.1\r\nhost: www.googleapis.com:443\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('502');
    socket.destroy();
    expect(google.unexpected()).toEqual(['GET http://example.com/secrets', 'GET /v9/nothing', 'CONNECT www.googleapis.com:443']);
  });

  it('lets chosen requests fail, be late, or end without an answer', async () => {
    google.fault({ method: 'POST', path: /serviceAccounts$/, from: 2, status: 409, canonical: 'ABORTED', message: 'Again.' });
    const create = (accountId: string) => ask('POST', accounts, { accountId });
    expect(await create('prober-1')).toMatchObject({ status: 200 });
    expect(await create('prober-2')).toMatchObject({ status: 409, body: { error: { status: 'ABORTED', message: 'Again.' } } });
    expect(await create('prober-2')).toMatchObject({ status: 200 });
    google.fault({ path: /serviceAccounts$/, drop: true, afterwards: true });
    await expect(create('prober-3')).rejects.toThrow('socket hang up');
    expect(google.accounts.all()).toHaveLength(3);
    google.fault({ times: Infinity, delayMs: 50 });
    const began = performance.now();
    await ask('GET', project);
    expect(performance.now() - began).toBeGreaterThan(40);
    google.heal();
    expect(await ask('GET', project)).toMatchObject({ status: 200 });
  });

  it('refuses IAM policies that somebody changed meanwhile, and members that are not there', async () => {
    const set = (etag: string | undefined, member: string) =>
      ask('POST', `${project}:setIamPolicy`, { policy: { etag, bindings: [{ role: 'roles/viewer', members: [member] }] } });
    const read = async () => String(objectOf((await ask('POST', `${project}:getIamPolicy`)).body)['etag']);
    const etag = await read();
    expect(await set(etag, 'user:somebody@example.com')).toMatchObject({ status: 200 });
    expect(await set(etag, 'user:another@example.com')).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
    expect(await set(await read(), 'serviceAccount:nobody@netra-staging.iam.gserviceaccount.com')).toMatchObject({
      status: 400,
      body: { error: { message: 'Service account nobody@netra-staging.iam.gserviceaccount.com does not exist.' } },
    });
    expect(google.policies.has('projects/netra-staging', 'roles/viewer', 'user:somebody@example.com')).toBe(true);
  });

  it('keeps the bindings of an account that was deleted, as nobody’s', async () => {
    await ask('POST', accounts, { accountId: 'prober' });
    const email = 'prober@netra-staging.iam.gserviceaccount.com';
    await ask('POST', `${project}:setIamPolicy`, {
      policy: { bindings: [{ role: 'roles/viewer', members: [`serviceAccount:${email}`] }] },
    });
    expect(await ask('DELETE', `${accounts}/${email}`)).toMatchObject({ status: 200 });
    await ask('POST', accounts, { accountId: 'prober' });
    expect(google.policies.has('projects/netra-staging', 'roles/viewer', `serviceAccount:${email}`)).toBe(false);
    expect(google.policies.all()['projects/netra-staging']?.bindings[0]?.members[0]).toMatch(/^deleted:serviceAccount:prober@.*\?uid=\d+$/);
  });

  it('goes on with a deployment that nobody asks after', async () => {
    const operations = 'http://cloudfunctions.test/v2/projects/netra-staging/locations/us-central1';
    await ask('POST', 'http://serviceusage.test/v1/projects/netra-staging/services/cloudfunctions.googleapis.com:enable', {});
    await ask('POST', accounts, { accountId: 'prober' });
    const prepared = objectOf((await ask('POST', `${operations}/functions:generateUploadUrl`, {})).body);
    await ask('PUT', String(prepared['uploadUrl']), { any: 'bytes' });
    const body = {
      buildConfig: { runtime: 'nodejs24', entryPoint: 'http', source: { storageSource: prepared['storageSource'] } },
      serviceConfig: { serviceAccountEmail: 'prober@netra-staging.iam.gserviceaccount.com' },
    };
    expect(await ask('POST', `${operations}/functions?functionId=f`, body)).toMatchObject({ status: 200, body: { done: false } });
    const [deploying] = google.functions.all();
    expect(deploying?.state).toBe('DEPLOYING');
    expect(await ask('PATCH', `${operations}/functions/f`, body)).toMatchObject({ status: 409 });
    while (google.functions.all()[0]?.state !== 'ACTIVE') await sleep(20);
    expect(google.services.all()).toMatchObject([{ id: 'f', generation: 1 }]);
  });
});
