import { call, code } from '../../../shared/cloud/call';

const unavailable = (): Error => Object.assign(new Error('try later'), { code: code.unavailable });

describe('a call', () => {
  test('is tried again while it is transient, each try with a whole number of milliseconds', async () => {
    const given: number[] = [];
    const answer = await call({ totalMs: 2000, tryMs: 120.5 }, async (timeoutMs) => {
      given.push(timeoutMs);
      if (given.length < 3) throw unavailable();
      return 'an answer';
    });
    expect(answer).toBe('an answer');
    expect(given).toHaveLength(3);
    expect(given.every(Number.isInteger)).toBe(true);
  });

  test('that hangs is given up and tried again', async () => {
    let tries = 0;
    const answer = await call({ totalMs: 3000, tryMs: 150 }, async () => {
      tries += 1;
      return tries === 1 ? new Promise<string>(() => {}) : 'an answer';
    });
    expect([answer, tries]).toEqual(['an answer', 2]);
  });

  test('that is refused for good is not tried again', async () => {
    let tries = 0;
    const denied = call({ totalMs: 2000, tryMs: 500 }, async () => {
      tries += 1;
      throw Object.assign(new Error('denied'), { code: code.permissionDenied });
    });
    await expect(denied).rejects.toThrow('denied');
    expect(tries).toBe(1);
  });
});
