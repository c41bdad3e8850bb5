/** Who needs whom: what is broken, and what that blocks. */
import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DependenciesAnswer } from '../../shared/status/state';
import { useDependencies } from '../data/answers';
import { whyNot } from '../data/asking';
import { Choices } from '../parts/choices';
import { Await, Notice, Staleness } from '../parts/notice';
import { choose } from '../route';
import { many } from '../text/words';
import { DependencyTable } from './dependency-table';
import { type Layout, layOut } from './layout';
import { nodeHeight, Picture, widthOf } from './picture';
import { isUnwell, mostNodes, overseeable, type Part, unwellPart, withoutImplied } from './select';

/** What is laid out anew only where boxes or lines are others than before. */
function useLayout(part: Part): { readonly layout: Layout | undefined; readonly part: Part; readonly failure: string } {
  const graph = { nodes: part.nodes.map((node) => ({ id: node.id, width: widthOf(node), height: nodeHeight })), edges: part.edges };
  const key = JSON.stringify(graph);
  const [done, setDone] = useState<{ readonly layout: Layout; readonly part: Part; readonly key: string }>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    const leaving = new AbortController();
    layOut(graph, leaving.signal).then(
      (layout) => setDone({ layout, part, key }),
      (error: unknown) => leaving.signal.aborted || setFailure(whyNot(error)),
    );
    return () => leaving.abort(new Error('no longer asked for'));
  }, [key]);
  // The old picture stays until the new one is laid out.
  return { layout: done?.layout, part: done?.key === key ? part : (done?.part ?? part), failure };
}

function Drawn({ part, fit }: { readonly part: Part; readonly fit: boolean }): VNode {
  const { layout, part: laidOut, failure } = useLayout(part);
  if (failure !== '')
    return (
      <Notice tone="failure">
        <p>{failure}</p>
      </Notice>
    );
  if (!layout)
    return (
      <p class="waiting" role="status">
        Laying out {many(part.nodes.length, 'node')} …
      </p>
    );
  return (
    <div class="scroll canvas" role="region" aria-label="Picture of the dependencies" tabIndex={0}>
      <Picture part={laidOut} layout={layout} fit={fit} />
    </div>
  );
}

const sizes = [
  { value: '', label: 'Fit' },
  { value: 'full', label: 'Full size' },
] as const;

function Dependencies({ answer, query }: { readonly answer: DependenciesAnswer; readonly query: URLSearchParams }): VNode {
  const { nodes, edges } = answer;
  const large = nodes.length > mostNodes;
  const scope = query.get('show') ?? (large ? 'unwell' : 'all');
  const part = useMemo(
    () => withoutImplied(scope === 'all' ? { nodes, edges } : overseeable(unwellPart({ nodes, edges }))),
    [nodes, edges, scope],
  );
  const unwell = nodes.filter(isUnwell).length;
  return (
    <>
      <div class="filters">
        <Choices
          legend="What is shown"
          name="show"
          value={scope === 'all' ? 'all' : 'unwell'}
          choices={[
            { value: 'unwell', label: `Not well and next to it` },
            { value: 'all', label: `All ${nodes.length}` },
          ]}
          onChoose={(show) => choose({ show })}
        />
        <Choices legend="Size" name="size" value={query.get('size') ?? ''} choices={sizes} onChoose={(size) => choose({ size })} />
      </div>
      <p class="muted">
        {unwell === 0 ? 'Everything is well.' : `${unwell} of ${many(nodes.length, 'node')} ${unwell === 1 ? 'is' : 'are'} not well.`} An
        arrow leads from what needs to what is needed. A thick frame marks a cause, a dashed one what it blocks; what an arrow implies has
        no arrow of its own. {part.nodes.length < unwell && `Only ${part.nodes.length} are shown; the list has them all.`}
      </p>
      {part.nodes.length === 0 ? (
        <p class="waiting">Nothing is broken, so nothing is shown. Choose “All” to see everything.</p>
      ) : (
        <Drawn part={part} fit={query.get('size') !== 'full'} />
      )}
      <DependencyTable part={answer} />
    </>
  );
}

export function DependenciesView({ query }: { readonly query: URLSearchParams }): VNode {
  const answer = useDependencies();
  return (
    <>
      <h1 tabIndex={-1}>Dependencies</h1>
      <Staleness answer={answer} of="dependencies" />
      <Await answer={answer} of="dependencies">
        {(value) => <Dependencies answer={value} query={query} />}
      </Await>
    </>
  );
}
