/** The same as the picture shows, as a list. */
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { DependencyNode } from '../../shared/status/state';
import { inPortions, useGradually } from '../parts/chunks';
import { OutcomeMark } from '../parts/marks';
import { CauseLink, TargetLink } from '../parts/target-links';
import { byGravity } from '../text/words';
import { isUnwell, nodeWords, type Part, targetOf } from './select';

const portion = 20;
/** So many neighbours are named. */
const mostOthers = 20;

function NodeLink({ node }: { readonly node: DependencyNode }): VNode {
  const target = targetOf(node);
  return target === undefined ? <>{node.label}</> : <TargetLink name={target} />;
}

function Others({ nodes }: { readonly nodes: readonly DependencyNode[] }): VNode {
  return nodes.length === 0 ? (
    <>–</>
  ) : (
    <ul class="names">
      {nodes.slice(0, mostOthers).map((node) => (
        <li key={node.id}>
          <NodeLink node={node} />
        </li>
      ))}
      {nodes.length > mostOthers && <li>and {nodes.length - mostOthers} more</li>}
    </ul>
  );
}

interface Entry {
  readonly node: DependencyNode;
  readonly needs: readonly DependencyNode[];
  readonly neededBy: readonly DependencyNode[];
}

function entriesOf({ nodes, edges }: Part): readonly Entry[] {
  const byId = new Map(nodes.map((node) => [node.id, { node, needs: [] as DependencyNode[], neededBy: [] as DependencyNode[] }]));
  for (const { from, to } of edges) {
    const [one, other] = [byId.get(from), byId.get(to)];
    if (!one || !other) continue;
    one.needs.push(other.node);
    other.neededBy.push(one.node);
  }
  const gravity = ({ node }: Entry): number =>
    (node.outcome === null ? byGravity.length : byGravity.indexOf(node.outcome)) - (isUnwell(node) ? 10 : 0);
  return [...byId.values()].toSorted((a, b) => gravity(a) - gravity(b));
}

function Table({ part }: { readonly part: Part }): VNode {
  const portions = useGradually(useMemo(() => inPortions(entriesOf(part), portion), [part]));
  return (
    <div class="scroll tall" role="region" aria-label="Dependencies as a list" tabIndex={0}>
      <table role="table" class="dependencies boxes long" aria-label="Who needs whom, what is not well first">
        <thead role="rowgroup">
          <tr role="row">
            {['Name', 'What', 'Outcome', 'Blocked by', 'Needs', 'Needed by'].map((title) => (
              <th key={title} role="columnheader" scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {portions.map((entries, index) => (
          <tbody key={index} role="rowgroup" style={{ '--rows': entries.length }}>
            {entries.map(({ node, needs, neededBy }) => (
              <tr key={node.id} role="row">
                <th role="rowheader" scope="row">
                  <NodeLink node={node} />
                </th>
                <td role="cell">{nodeWords(node) || '–'}</td>
                <td role="cell">{node.outcome ? <OutcomeMark outcome={node.outcome} /> : '–'}</td>
                <td role="cell">{node.blockedBy ? <CauseLink cause={node.blockedBy} /> : '–'}</td>
                <td role="cell">
                  <Others nodes={needs} />
                </td>
                <td role="cell">
                  <Others nodes={neededBy} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** Made only when it is asked for. */
export function DependencyTable({ part }: { readonly part: Part }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details class="alternative" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a list</summary>
      {open && <Table part={part} />}
    </details>
  );
}
