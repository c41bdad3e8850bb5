/** Reads flowcharts in the part of Mermaid's language that we write, and refuses everything else. */

/** What a chart says. */
export interface Chart {
  readonly title: string;
  readonly notes: readonly string[];
  /** Lines of text by the id of the node. */
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** Ids of nodes by the title of the group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly lines: readonly { readonly from: string; readonly to: string; readonly dotted: boolean; readonly text?: string }[];
}

/** Words that end or begin something else (Mermaid's grammar of flowcharts, keywords). */
const reserved = new Set([
  'end',
  'graph',
  'flowchart',
  'subgraph',
  'style',
  'linkStyle',
  'classDef',
  'class',
  'click',
  'href',
  'call',
  'default',
  'direction',
]);
const id = '[A-Za-z][A-Za-z0-9_]*';
// No quotation mark, no markup but line ends, no sign that begins an entity but those of an entity.
const text = '(?:[^"#&<>`\\\\{}|%\\p{Cc}]|#\\d+;|<br/>)*';
const outlines = [
  ['\\["', '"\\]'],
  ['\\("', '"\\)'],
  ['\\(\\["', '"\\]\\)'],
  ['\\[\\("', '"\\)\\]'],
  ['\\[\\["', '"\\]\\]'],
  ['\\{\\{"', '"\\}\\}'],
] as const;
const node = new RegExp(`^ {2,4}(${id})(?:${outlines.map(([left, right]) => `${left}(${text})${right}`).join('|')})$`, 'u');
const group = new RegExp(`^ {2}subgraph (${id})\\["(${text})"\\]$`, 'u');
const line = new RegExp(`^ {2}(${id}) (-->|-\\.->)(?:\\|"(${text})"\\|)? (${id})$`, 'u');

/** @returns the text as a reader sees it. */
function shown(written: string): readonly string[] {
  return written.split('<br/>').map((part) => part.replaceAll(/#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number))));
}

/** @throws an error that names the first line which is not in the grammar, or that leads nowhere. */
export function readChart(chart: string): Chart {
  const [open, titled = '', close, kind, ...rest] = chart.split('\n');
  const [, title] = /^title: (".*")$/.exec(titled) ?? [];
  if (open !== '---' || close !== '---' || kind !== 'flowchart LR' || title === undefined) throw new Error('the head is wrong');
  if (rest.pop() !== '') throw new Error('the last line does not end');
  const notes: string[] = [];
  const nodes = new Map<string, readonly string[]>();
  const groups = new Map<string, string[]>();
  const ids = new Set<string>();
  const lines: Chart['lines'][number][] = [];
  let inside: string[] | undefined;
  const declare = (name: string): void => {
    if (reserved.has(name) || ids.has(name)) throw new Error(`${name} is reserved, or there already`);
    ids.add(name);
  };
  for (const each of rest) {
    const note = /^ {2}%% ([^{}\p{Cc}]*)$/u.exec(each);
    const [, groupId = '', groupTitle = ''] = group.exec(each) ?? [];
    const [, nodeId = '', ...nodeTexts] = node.exec(each) ?? [];
    const [, from = '', arrow, label, to = ''] = line.exec(each) ?? [];
    if (note) notes.push(note[1] ?? '');
    else if (each === '  end' && inside) inside = undefined;
    else if (groupId !== '' && !inside) {
      declare(groupId);
      inside = [];
      groups.set(shown(groupTitle).join(' '), inside);
    } else if (nodeId !== '' && each.startsWith('    ') === (inside !== undefined)) {
      declare(nodeId);
      inside?.push(nodeId);
      nodes.set(nodeId, shown(nodeTexts.find((found) => found !== undefined) ?? ''));
    } else if (from !== '' && !inside) {
      if (!ids.has(from) || !ids.has(to)) throw new Error(`leads nowhere: ${each}`);
      lines.push({ from, to, dotted: arrow === '-.->', ...(label === undefined ? {} : { text: shown(label).join(' ') }) });
    } else throw new Error(`is not in the grammar: ${JSON.stringify(each)}`);
  }
  if (inside) throw new Error('a group does not end');
  return { title: JSON.parse(title) as string, notes, nodes, groups, lines };
}
