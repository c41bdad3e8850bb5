/** When the targets of a run have to be over: for the next run, and for the platform's limit. */
import { targetNamed } from '../../config/written';
import { configOf } from '../../support/probing';
import { runEnd } from '../../../shared/run/run';

const targets = [targetNamed(configOf({ redis: { cache: { host: 'h' } } }), 'cache')];

describe('the end of a run', () => {
  test('leaves a fifth of the period free', () => {
    expect(runEnd(targets, 0, 1000)).toBe(1000 + 48_000);
  });

  test("comes 15 s before the platform gives up, counted from the request's coming: secrets and a new network take from it", () => {
    expect(runEnd(targets, 0, 1000, 60_000)).toBe(45_000);
    expect(runEnd(targets, 0, 40_000, 60_000)).toBe(45_000);
  });

  test('leaves half of a short limit', () => {
    expect(runEnd(targets, 0, 0, 20_000)).toBe(10_000);
  });
});
