import { keep } from '../../functions/status/keep';
import { Fault } from '../../shared/fault';

let time = 0;
let reads = 0;
let failing: Error | undefined;
const kept = () =>
  keep(
    async (at) => {
      reads += 1;
      await Promise.resolve();
      if (failing) throw failing;
      return `read at ${at}`;
    },
    { freshMs: 60, failedMs: 5, oldMs: 600 },
    () => time,
  );
beforeEach(() => {
  [time, reads, failing] = [1000, 0, undefined];
});
const denied = new Fault('api_denied', 'denied');

test('all who ask at a time, and for a while afterwards, get what was read once', async () => {
  const give = kept();
  const all = await Promise.all([give(), give(), give()]);
  time += 59;
  all.push(await give());
  expect(new Set(all.map(({ value }) => value))).toEqual(new Set(['read at 1000']));
  expect(reads).toBe(1);
  time += 1;
  expect(await give()).toEqual({ value: 'read at 1060', at: 1060, problem: null });
});

test('what can not be read again is given on for a while, with the reason', async () => {
  const give = kept();
  await give();
  failing = denied;
  time += 100;
  expect(await give()).toEqual({ value: 'read at 1000', at: 1000, problem: denied });
  time += 4;
  expect((await give()).problem).toBe(denied);
  expect(reads).toBe(2);
  time += 600;
  await expect(give()).rejects.toBe(denied);
  failing = undefined;
  time += 6;
  expect(await give()).toMatchObject({ problem: null });
});

test('a fault of our own code is never hidden behind something old', async () => {
  const give = kept();
  await give();
  time += 100;
  failing = new TypeError('a mistake');
  await expect(give()).rejects.toThrow('a mistake');
});

test('a clock that is set back makes nothing last longer', async () => {
  const give = kept();
  await give();
  time -= 500;
  expect(await give()).toMatchObject({ value: 'read at 500' });
});
