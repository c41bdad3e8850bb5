/** The prober itself: it could not tell, so nothing is said about the targets. */
import { groupBy } from '../../group';
import { list, namesOf, share, type Claim, type Pattern } from '../claim';
import { commonReason, compareTexts, type Seen } from '../scene';

const told = (all: readonly Seen[]): readonly string[] => {
  const message = all.map(({ observation }) => observation.message).find((each) => each !== undefined && each !== '');
  return message === undefined ? [] : [message];
};

/** Everything is unknown, or what is unknown has a reason in common. */
export const prober: Pattern = (scene, free) => {
  const untold = scene.unknown.filter(free);
  const total = scene.seen.size;
  if (untold.length >= 2 && untold.length === total)
    return [
      {
        cause: 'prober',
        title: 'Nothing can be told: the monitor itself is at fault, or its access',
        owner: 'monitor',
        reason: commonReason(untold) ?? 'internal',
        confidence: 'high',
        evidence: [`${share(total, total, 'target')} could not be told`, ...told(untold)],
        own: [],
        claims: namesOf(untold),
      },
    ];
  const groups = groupBy(untold, ({ reason }) => reason);
  return [...groups]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .map(([reason, found]): Claim => ({
      cause: `prober/${reason}`,
      title: `The monitor can't tell: ${reason.replaceAll('_', ' ')}`,
      owner: 'monitor',
      reason,
      confidence: 'high',
      evidence: [`${share(found.length, total, 'target')} could not be told: ${list(namesOf(found))}`, ...told(found)],
      own: [],
      claims: namesOf(found),
    }));
};
