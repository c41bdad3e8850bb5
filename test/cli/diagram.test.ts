import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mermaid } from '../../cli/diagram/mermaid';
import { head, ownFolder } from '../config/written';
import { readChart, type Chart } from '../support/mermaid-grammar';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..', '..');
const folder = ownFolder();

function diagram(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [join(root, 'cli', 'synthetics.js'), 'diagram', ...args], {
    cwd: folder.path,
    env: { ...process.env, SYNTHETICS_CONFIG: '' },
    encoding: 'utf8',
  });
}

function chartOf(...args: string[]): Chart {
  const { status, stdout, stderr } = diagram(...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readChart(stdout);
}

/** @returns each line as `from -> to`, by what is written on the nodes. */
function linesOf({ nodes, lines }: Chart): readonly string[] {
  const name = (id: string): string => nodes.get(id)?.[0] ?? id;
  return lines.map(({ from, to, dotted }) => `${name(from)} ${dotted ? '..>' : '->'} ${name(to)}`);
}

const examples = readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.yaml'));

test.each(examples)('examples/%s gives a chart in the grammar', (file) => {
  expect(chartOf('--config', join(root, 'examples', file)).nodes.size).toBeGreaterThan(1);
});

describe('the staging environment', () => {
  const file = join(root, 'examples', 'staging.yaml');

  test('is drawn inside the VPC, public, in the control plane, and with its secrets', () => {
    const { title, groups, nodes } = chartOf('--config', file);
    expect(title).toBe('staging (my-staging)');
    const named = (group: string): readonly string[] => (groups.get(group) ?? []).map((id) => nodes.get(id)?.[0] ?? '');
    expect(named('Inside the VPC')).toEqual(['database-socket', 'database-tcp', 'cache', 'clickhouse']);
    expect(named('Public')).toEqual(expect.arrayContaining(['backend-ready', 'golden-path', 'staging-tls']));
    expect(named('Control plane')).toEqual(expect.arrayContaining(['vpc-connector', 'cloud-sql', 'no-1011']));
    expect(named('Secrets')).toEqual(expect.arrayContaining(['app-secrets', 'probe-token', 'database-ca']));
  });

  test('shows what needs what, and by which way it is reached', () => {
    const chart = chartOf('--config', file);
    expect(linesOf(chart)).toEqual(
      expect.arrayContaining([
        'vpc -> vpc-connector',
        'database-tcp -> cloud-sql',
        'cache -> memorystore',
        'backend-ready -> database-socket',
        'golden-path -> chat-by-subprotocol',
        'chat-by-header ..> probe-token',
      ]),
    );
    expect(chart.lines[0]).toEqual({ from: 'prober', to: 'vpc', dotted: false, text: 'staging-connector' });
  });

  test('can be narrowed to targets, with all that they need', () => {
    const { nodes } = chartOf('--config', file, 'backend-schema');
    const names = [...nodes.values()].map(([first = '']) => first);
    expect(names).toEqual(expect.arrayContaining(['backend-schema', 'backend-health', 'database-socket', 'cloud-sql', 'load-balancer']));
    expect(names).not.toContain('cache');
  });

  test('can be narrowed to kinds', () => {
    expect([...chartOf('--config', file, 'redis').nodes.values()].map(([first]) => first)).toEqual([
      'vpc-synthetics',
      'cache',
      'memorystore',
      'vpc-connector',
      'redis-url',
    ]);
  });
});

test('a word that is neither a kind nor a target is wrong usage', () => {
  const { status, stderr } = diagram('--config', join(root, 'examples', 'minimal.yaml'), 'nothing');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^synthetics diagram: "nothing" is neither a kind with targets nor a target; allowed: /);
});

test('many targets that are alike are drawn as one, and their lines once', () => {
  const rows = (count: number, row: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => row(index)).join('\n');
  const yaml = [
    head,
    'tcp:',
    rows(300, (index) => `  service-${index}: { host: 10.0.${Math.floor(index / 200)}.${index % 200}, port: 80 }`),
    'http:',
    rows(300, (index) => `  health-${index}: { url: "https://h${index}.example.com/", public: true }`),
    'dependencies:',
    rows(300, (index) => `  health-${index}: [service-0]`),
  ].join('\n');
  const chart = chartOf('--config', folder.write('many.yaml', yaml));
  expect([...chart.nodes.values()]).toEqual([
    ['vpc-synthetics', 'staging'],
    ['300 × tcp', 'service-0 … service-99'],
    ['300 × http', 'health-0 … health-99'],
  ]);
  expect(linesOf(chart)).toEqual(['vpc-synthetics -> vpc', 'vpc-synthetics -> public', '300 × http -> 300 × tcp']);
  expect(chart.notes.at(-1)).toMatch(/alike/);
});

test('a journey that declares nothing leads to what has its addresses', () => {
  const yaml = `${head}http: { a: { url: "https://x.example.com/a" } }
journey: { j: { steps: [{ name: one, http: { url: "https://x.example.com/b" } }] } }`;
  expect(linesOf(chartOf('--config', folder.write('journey.yaml', yaml)))).toContain('j ..> a');
});

test('names that Mermaid knows as words, and addresses with brackets, are drawn like others', () => {
  const names = ['end', 'graph', 'style', 'subgraph', 'default', 'class', 'click', 'o', 'x', 'a--b', 'a-b'];
  const yaml = `${head}tcp:\n${names.map((name) => `  ${name}: { host: "fd00::1", port: 80 }`).join('\n')}
dependencies: { end: [graph], style: [x], o: [a--b], x: [a-b] }`;
  const chart = chartOf('--config', folder.write('odd.yaml', yaml));
  expect([...chart.nodes.values()]).toEqual(expect.arrayContaining(names.map((name) => [name, 'tcp [fd00::1]:80'])));
  expect(linesOf(chart)).toEqual(expect.arrayContaining(['end -> graph', 'style -> x', 'o -> a--b', 'x -> a-b']));
});

test.each([
  'a "quoted" text',
  '"]; end',
  '#quot; and #34;',
  '<b>bold</b> & <script>',
  '`markdown` **bold**',
  'a | b %% no comment %%{init: {}}%%',
  'C:\\new\\text',
  '{{x}} [[y]] ((z))',
  'Grüße, 東京 🦊',
])('the text %j stays as it is, and stays text', (text) => {
  const node = { id: 'a', outline: 'box', lines: [text, text] } as const;
  const groups = [{ id: 'g', title: text, nodes: [{ ...node, id: 'b' }] }];
  const chart = readChart(mermaid({ title: text, notes: [text], nodes: [node], groups, lines: [{ from: 'a', to: 'b', text }] }));
  expect(chart.title).toBe(text);
  expect(chart.nodes.get('a')).toEqual([text, text]);
  expect([...chart.groups.keys()]).toEqual([text]);
  expect(chart.lines).toEqual([{ from: 'a', to: 'b', dotted: false, text }]);
});

test('a line end in a text becomes a blank, and ends no line', () => {
  const chart = readChart(
    mermaid({ title: 'a\nb', notes: ['c\nend'], nodes: [{ id: 'a', outline: 'round', lines: ['d\r\n\u2028e'] }], groups: [], lines: [] }),
  );
  expect([chart.title, chart.notes, chart.nodes.get('a')]).toEqual(['a\nb', ['c end'], ['d e']]);
});
