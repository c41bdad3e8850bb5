import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { firstLooks } from '../../deploy/runbooks/first-looks';
import { anchorOf, runbooksMarkdown } from '../../deploy/runbooks/markdown';
import { runbooks } from '../../deploy/runbooks/runbooks';
import { reasons, type Reason } from '../../shared/reasons';

const names = Object.keys(reasons) as Reason[];
const path = resolve(__dirname, '../../../docs/runbooks.md');
const file = readFileSync(path, 'utf8');

test('docs/runbooks.md is what the catalogue says: npm run build && node build/scripts/runbooks.js writes it', () => {
  expect(file).toBe(runbooksMarkdown());
});

test('every reason has a heading under its own anchor, once', () => {
  const headings = [...file.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
  expect(headings.toSorted()).toEqual(names.toSorted());
  for (const name of names) expect(file).toContain(`(${anchorOf(name)})`);
});

test.each(names)('%s has three different things to look at, each with a command', (name) => {
  expect(new Set(firstLooks[name]).size).toBe(3);
  for (const { sentence, command } of runbooks[name].looks) {
    expect(sentence.length).toBeLessThanOrEqual(110);
    expect(sentence).toMatch(/^[A-Z].*[.?]$/);
    expect(command).not.toContain('\n');
  }
});

test('commands use names that the head of the file explains', () => {
  const known = [...file.slice(0, file.indexOf('## Contents')).matchAll(/(?:export |\$)([A-Z_]{2,})/g)].map(([, name]) => name);
  const used = names.flatMap((name) =>
    runbooks[name].looks.flatMap(({ command }) => [...command.matchAll(/\$([A-Z_]{2,})/g)].map(([, word]) => word)),
  );
  expect([...new Set(used)].filter((name) => !known.includes(name))).toEqual([]);
});

test('no command prints a secret', () => {
  const commands = names.flatMap((name) => runbooks[name].looks.map(({ command }) => command));
  const reading = commands.filter((command) => command.includes('versions access'));
  expect(reading.length).toBeGreaterThan(0);
  for (const command of reading) expect(command).toMatch(/\| (wc -c|openssl x509 -noout .*)$/);
});
