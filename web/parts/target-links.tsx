/** Links to targets, with how they are. */
import type { VNode } from 'preact';
import type { Outcome } from '../../shared/result';
import type { TargetState } from '../../shared/status/state';
import { linkToCause, linkToTarget } from '../route';
import { OutcomeMark } from './marks';

/** One name; what is no target is only told. */
export function TargetLink({ name }: { readonly name: string }): VNode {
  return <a href={linkToTarget(name)}>{name}</a>;
}

/** The name of a cause, which leads to its target, or to where it is told. */
export function CauseLink({ cause }: { readonly cause: string }): VNode {
  const [, name] = /^target\/(.+)$/.exec(cause) ?? [];
  return <a href={name === undefined ? linkToCause(cause) : linkToTarget(name)}>{name ?? cause}</a>;
}

interface TargetListProps {
  readonly names: readonly string[];
  readonly states?: ReadonlyMap<string, TargetState>;
  /** An outcome that goes without saying; default: success. */
  readonly expected?: Outcome;
}

/** Several, in one line that wraps. */
export function TargetList({ names, states, expected = 'success' }: TargetListProps): VNode {
  return (
    <ul class="names">
      {names.map((name) => {
        const outcome = states?.get(name)?.outcome;
        return (
          <li key={name}>
            <TargetLink name={name} />
            {outcome && outcome !== expected && (
              <>
                {' '}
                <OutcomeMark outcome={outcome} />
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
