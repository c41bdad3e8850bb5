/** Verifications over functions that answer as a test wants. */
import { kinds } from '../../functions/kinds';
import type { Config } from '../../shared/config/config';
import { sliceHashes, type SliceHashes } from '../../shared/config/config-slice';
import { loadWhole } from '../../shared/config/load';
import { callerBehind } from '../../shared/verify/callers';
import { verify, type Verified, type VerifyOptions, type VerifyRequest } from '../../shared/verify/verify';
import { head, ownFolder } from '../config/written';
import { answeringFunctions, type Answering } from './answering-functions';

/** A configuration, and what its functions may have. */
export interface Held {
  readonly config: Config;
  readonly slices: SliceHashes;
}

/** What verifies; its functions end with each test. */
export interface Verifying {
  /** @returns what the body, behind the required keys, loads to. */
  readonly hold: (body: string) => Held;
  readonly verified: (held: Held, reply: Answering, request?: VerifyRequest, more?: Partial<VerifyOptions>) => Promise<Verified>;
}

/** To be called where the tests of a file are declared. */
export function startVerifying(): Verifying {
  const folder = ownFolder();
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
  });
  return {
    hold(body) {
      const whole = loadWhole(folder.write('synthetics.yaml', head + body), kinds);
      return { config: whole.config, slices: sliceHashes(whole, kinds) };
    },
    async verified(held, reply, request = {}, more = {}) {
      const functions = await answeringFunctions(reply);
      ends.push(() => functions.close());
      return verify(request, { ...held, kinds, caller: callerBehind(functions.url), budgetMs: 60_000, ...more });
    },
  };
}
