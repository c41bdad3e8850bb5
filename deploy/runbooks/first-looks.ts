/** The first three things to look at for each reason, as sentences: for alert texts, which have little room. */
import { reasons, type Reason } from '../../shared/reasons';
import { runbooks } from './runbooks';

const sentences = (reason: Reason): readonly [string, string, string] => {
  const [first, second, third] = runbooks[reason].looks;
  return [first.sentence, second.sentence, third.sentence];
};

/** The first three things to look at, a sentence of at most 110 characters each, the likeliest first; commands are in the runbook. */
export const firstLooks = Object.fromEntries((Object.keys(reasons) as Reason[]).map((reason) => [reason, sentences(reason)])) as Readonly<
  Record<Reason, readonly [string, string, string]>
>;
