/** The worker that lays a picture out, from left to right. */
import { Graph as DirectedGraph, layout } from '@dagrejs/dagre';
import type { Graph, Layout, Point } from './layout';

function layOut({ nodes, edges }: Graph): Layout {
  const graph = new DirectedGraph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 8, ranksep: 70, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: nodes.map(({ id }) => {
      const { x, y } = graph.node(id) as Point;
      return { id, x, y };
    }),
    edges: edges.map(({ from, to }) => ({ from, to, points: (graph.edge(from, to) as { points: Point[] }).points })),
  };
}

addEventListener('message', ({ data }) => postMessage(layOut(data as Graph)));
