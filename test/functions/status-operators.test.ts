/** Who may act of those who are known: the members that the configuration names, groups as Cloud Identity tells, and only for as long. */
import type { SessionAnswer } from '../../shared/status/actions';
import { assertionOf, startActing, type Acting } from '../support/acting';

const group = 'sre@example.com';
const ann = 'ann@example.com';
const robot = 'robot@test-project.iam.gserviceaccount.com';
const tcp = { mail: { host: '127.0.0.1', port: 1 } };
let acting: Acting;
async function start(...operators: readonly string[]): Promise<void> {
  acting = await startActing({ tcp, status: { operators } });
}
afterEach(() => acting.close());

const as = (address: string, more: object = {}): Promise<SessionAnswer> =>
  acting.session({ 'x-goog-iap-jwt-assertion': acting.iap.sign(assertionOf(address, more)) });
const asked = (): number => acting.platform.requests().filter(({ path }) => path.startsWith('/cloudidentity/')).length;

test('a domain means the accounts that it looks after, not everybody with such an address', async () => {
  await start('domain:ours.example');
  const eve = 'eve@ours.example';
  expect(await as(eve, { hd: 'Ours.example' })).toMatchObject({ operator: true });
  expect(await as(eve)).toMatchObject({ identity: eve, operator: false });
  expect(await as(eve, { hd: 'other.example' })).toMatchObject({ operator: false });
});

test('a service account is no user of the same address', async () => {
  await start(`user:${robot}`, `serviceAccount:${ann}`);
  expect(await as(robot)).toMatchObject({ identity: robot, operator: false });
  expect(await as(ann)).toMatchObject({ identity: ann, operator: false });
});

test('without operators nobody may act', async () => {
  await start();
  const refused = 'nobody may act here: the configuration names no status.operators';
  expect(await as(ann)).toMatchObject({ identity: ann, operator: false, refused });
});

describe('of a group', () => {
  beforeEach(async () => {
    await start('group:Others@example.com', `group:${group}`);
    acting.groups.set('others@example.com', { direct: [], nested: [] });
    acting.groups.set(group, { direct: ["ann.o'neil@example.com"], nested: ['ben@example.com'] });
  });

  test('members are operators, also those of a group in the group', async () => {
    expect(await as("ann.o'neil@example.com")).toMatchObject({ operator: true, refused: null });
    expect(await as('ben@example.com')).toMatchObject({ operator: true });
    expect(await as('eve@example.com')).toMatchObject({
      identity: 'eve@example.com',
      operator: false,
      refused: 'eve@example.com is none of the status.operators of the configuration',
    });
    expect(await as("' || true || 'x")).toMatchObject({ operator: false });
  });

  test('whoever is taken out of the group can act for two minutes at most', async () => {
    expect(await as('ben@example.com')).toMatchObject({ operator: true });
    const before = asked();
    acting.groups.set(group, { direct: [], nested: [] });
    expect(await as('ben@example.com')).toMatchObject({ operator: true });
    expect(asked()).toBe(before);
    acting.pass(121_000);
    expect(await as('ben@example.com')).toMatchObject({ operator: false });
  });

  test('where the edition does not tell of groups in groups, direct members are operators', async () => {
    acting.edition = 'free';
    expect(await as("ann.o'neil@example.com")).toMatchObject({ operator: true });
    const { operator, refused } = await as('ben@example.com');
    expect(operator).toBe(false);
    expect(refused).toBe(
      'whether ben@example.com is in the group others@example.com could not be looked up: cloudidentity: The caller does not have permission',
    );
  });

  test('what can not be looked up is refused, and looked up again', async () => {
    const heal = acting.platform.fault({ code: 403, resource: 'groups:lookup', message: 'Permission denied' });
    const { operator, refused } = await as('ben@example.com');
    expect([operator, refused]).toEqual([false, expect.stringContaining('could not be looked up: cloudidentity: Permission denied')]);
    heal();
    expect(await as('ben@example.com')).toMatchObject({ operator: true });
  });

  test('one group that can not be looked up takes nothing from the members of another', async () => {
    acting.groups.delete('others@example.com');
    expect(await as('ben@example.com')).toMatchObject({ operator: true });
  });
});
