/** Which part of the picture is shown: of many nodes only what is not well, and what is next to it. */
import type { DependenciesAnswer, DependencyNode } from '../../shared/status/state';

/** More are not shown unasked. */
export const mostNodes = 150;

export type Part = Pick<DependenciesAnswer, 'nodes' | 'edges'>;

/** @returns whether a node asks for attention. */
export function isUnwell({ outcome, cause, blockedBy }: DependencyNode): boolean {
  return cause !== null || blockedBy !== null || (outcome !== null && outcome !== 'success');
}

/** @returns the nodes that are not well, with their neighbours, and the lines between them. */
export function unwellPart({ nodes, edges }: Part): Part {
  const unwell = new Set(nodes.filter(isUnwell).map(({ id }) => id));
  const shown = new Set(unwell);
  for (const { from, to } of edges) {
    if (unwell.has(from)) shown.add(to);
    if (unwell.has(to)) shown.add(from);
  }
  return {
    nodes: nodes.filter(({ id }) => shown.has(id)),
    edges: edges.filter(({ from, to }) => (unwell.has(from) || unwell.has(to)) && shown.has(from) && shown.has(to)),
  };
}

/** @returns the part without the lines that others imply: who needs what another needs that it needs anyway. */
export function withoutImplied({ nodes, edges }: Part): Part {
  const needs = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) needs.get(from)?.push(to);
  const isImplied = ({ from, to }: Part['edges'][number]): boolean => {
    const seen = new Set([from, to]);
    const open = (needs.get(from) ?? []).filter((id) => id !== to);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const next = needs.get(id) ?? [];
      if (next.includes(to)) return true;
      open.push(...next);
    }
    return false;
  };
  const causes = new Map(nodes.map(({ id, blockedBy }) => [id, blockedBy]));
  // What blocks is shown in any case.
  const blocks = ({ from, to }: Part['edges'][number]): boolean => {
    const cause = causes.get(from);
    return cause !== undefined && cause !== null && (to === cause || to === `target/${cause}`);
  };
  return { nodes, edges: edges.filter((edge) => blocks(edge) || !isImplied(edge)) };
}

const urgency = (node: DependencyNode): number => (node.cause === null ? (isUnwell(node) ? 1 : 2) : 0);

/** @returns as much as can be overlooked, causes first, then what is not well. */
export function overseeable({ nodes, edges }: Part): Part {
  if (nodes.length <= mostNodes) return { nodes, edges };
  const kept = nodes.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, mostNodes);
  const ids = new Set(kept.map(({ id }) => id));
  return { nodes: kept, edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

/** @returns the name of the target that a node is, if it is one. */
export function targetOf({ id, kind }: DependencyNode): string | undefined {
  return kind !== null && id.startsWith('target/') ? id.slice('target/'.length) : undefined;
}

/** @returns what a node is, in words: its kind, its outcome, whether it is a cause or blocked. */
export function nodeWords({ id, kind, cause, blockedBy }: DependencyNode): string {
  // `secret/db-password` is a secret.
  const what = kind ?? (id.includes('/') ? id.slice(0, id.indexOf('/')).replaceAll('-', ' ') : null);
  return [...(what === null ? [] : [what]), ...(cause === null ? [] : ['cause']), ...(blockedBy === null ? [] : ['blocked'])].join(' · ');
}
