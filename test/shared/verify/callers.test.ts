/** Deployed functions are found as Cloud Run tells, and found again where they moved. */
import { startPlatformStandIn, type PlatformStandIn } from '../../../local/emulators/platform';
import { createCloud } from '../../../shared/cloud/google';
import type { FunctionCaller } from '../../../shared/verify/caller';
import { callerBehind, callerOfDeployed, namesBeside } from '../../../shared/verify/callers';
import { answeringFunctions, type AnsweringFunctions } from '../../support/answering-functions';

const path = '/run/v2/projects/p/locations/r/services/synthetics-test-redis';
let platform: PlatformStandIn;
let caller: FunctionCaller;
const tokens: string[] = [];
beforeAll(async () => {
  platform = await startPlatformStandIn();
});
afterAll(() => platform.close());
beforeEach(() => {
  platform.clear();
  tokens.length = 0;
  const cloud = createCloud('p', { logLevel: 'info', platformEmulator: platform.address });
  caller = callerOfDeployed({
    config: { project: 'p', region: 'r' },
    rest: () => cloud.rest(),
    identity: async (audience) => {
      tokens.push(audience);
      return 'token';
    },
    nameOf: namesBeside('synthetics-test-verify', 'verify'),
  });
});

const at = (functions: AnsweringFunctions): void => platform.put(path, { uri: functions.url.href });
const call = (): ReturnType<FunctionCaller['call']> => caller.call('redis', '{}', AbortSignal.timeout(10_000));
const looks = (): number => platform.requests().length;
const working = (status = 200): Promise<AnsweringFunctions> => answeringFunctions(() => ({ status, document: { status } }));

test('an address is looked up once, and no token goes where it could be overheard', async () => {
  const functions = await working();
  at(functions);
  expect([await call(), await call()]).toEqual([
    { status: 200, body: '{"status":200}' },
    { status: 200, body: '{"status":200}' },
  ]);
  expect([looks(), tokens, functions.calls.map(({ authorization }) => authorization)]).toEqual([1, [], [undefined, undefined]]);
  await functions.close();
});

test('a function that moved is not reached once, and then looked up again', async () => {
  const [old, moved] = [await working(), await working()];
  at(old);
  await call();
  await old.close();
  at(moved);
  await expect(call()).rejects.toThrow('ECONNREFUSED');
  expect(await call()).toMatchObject({ status: 200 });
  expect(looks()).toBe(2);
  await moved.close();
});

test('an address where nothing is found is looked up again', async () => {
  const functions = await working(404);
  at(functions);
  await call();
  await call();
  expect(looks()).toBe(2);
  await functions.close();
});

test('a function that is not deployed, and a service without address, are told', async () => {
  await expect(call()).rejects.toMatchObject({ reason: 'resource_missing' });
  platform.put(path, {});
  await expect(call()).rejects.toThrow('Cloud Run tells no address of the service synthetics-test-redis');
});

test.each([[undefined], ['another']])('beside a service called %p no function is known', (service) => {
  expect(() => namesBeside(service, 'verify')('redis')).toThrow('K_SERVICE does not name this one');
});

test('behind an address a path may stand before the functions', async () => {
  const functions = await working();
  await callerBehind(new URL('base/', functions.url)).call('tcp', '{}', AbortSignal.timeout(10_000));
  expect(functions.calls.map(({ kind }) => kind)).toEqual(['tcp']);
  await functions.close();
});
