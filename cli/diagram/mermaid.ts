/** Writes flowcharts in Mermaid's language: what may stand in a text, and how nodes, groups and lines are spelled. */

/** The outlines of nodes that we use. */
const outlines = {
  box: ['["', '"]'],
  round: ['("', '")'],
  stadium: ['(["', '"])'],
  cylinder: ['[("', '")]'],
  double: ['[["', '"]]'],
  hexagon: ['{{"', '"}}'],
} as const;
export type Outline = keyof typeof outlines;

export interface FlowNode {
  /** Letters, digits and underscores. */
  readonly id: string;
  /** Lines of text, whatever they hold. */
  readonly lines: readonly string[];
  readonly outline: Outline;
}

export interface FlowGroup {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly FlowNode[];
}

/** A line between nodes or groups. */
export interface FlowLine {
  readonly from: string;
  readonly to: string;
  /** Default: a solid arrow. */
  readonly dotted?: boolean;
  readonly text?: string;
}

export interface Flowchart {
  /** Told in comments above everything. */
  readonly notes: readonly string[];
  readonly title: string;
  /** Outside of all groups. */
  readonly nodes: readonly FlowNode[];
  readonly groups: readonly FlowGroup[];
  readonly lines: readonly FlowLine[];
}

/**
 * @returns a text fit to stand in quotation marks: what could end it, or be taken for markup, is written by its number (Mermaid,
 * "Entity codes to escape characters"); line ends and other control characters become blanks.
 */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/["#&<>`\\{}|%]/g, (sign) => `#${sign.codePointAt(0)};`);
}

function spelled({ id, lines, outline }: FlowNode): string {
  const [left, right] = outlines[outline];
  return `${id}${left}${lines.map(escaped).join('<br/>')}${right}`;
}

function drawn({ from, to, dotted = false, text }: FlowLine): string {
  return `${from} ${dotted ? '-.->' : '-->'}${text === undefined ? '' : `|"${escaped(text)}"|`} ${to}`;
}

/** @returns the chart, with a line end. Groups without nodes are left out. */
export function mermaid({ notes, title, nodes, groups, lines }: Flowchart): string {
  const all = [
    // A title in the front matter is YAML: JSON's strings are YAML's, too.
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'flowchart LR',
    ...notes.map((note) => `  %% ${note.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}{}]+/gu, ' ')}`),
    ...nodes.map((node) => `  ${spelled(node)}`),
    ...groups
      .filter((group) => group.nodes.length > 0)
      .flatMap((group) => [
        `  subgraph ${group.id}["${escaped(group.title)}"]`,
        ...group.nodes.map((node) => `    ${spelled(node)}`),
        '  end',
      ]),
    ...lines.map((line) => `  ${drawn(line)}`),
  ];
  return `${all.join('\n')}\n`;
}
