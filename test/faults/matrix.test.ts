/** The fault matrix is complete, and its document says what its data say. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ownerOf } from '../../shared/reasons';
import { faultNames, phasesOf, type NetworkKind } from './cells';
import { documentPath, faultMatrix, writeCommand } from './markdown';
import { rows } from './matrix';
import { states } from './states';
import { isExpected } from './trial';

const kinds = Object.keys(phasesOf) as NetworkKind[];
const variants = [...new Set(rows.map(({ variant }) => variant))];

test.each(kinds)('%s is there with TLS and without', (kind) => {
  const own = rows.filter((row) => row.kind === kind && row.phase === 'tls');
  const withoutTls = own.filter(({ at }) => at === 'no TLS here').length;
  expect(withoutTls).toBe(1);
  expect(own.length).toBeGreaterThan(withoutTls);
});

test.each(variants)('%s: every phase of its kind, and in each of its places every fault, once', (variant) => {
  const own = rows.filter((row) => row.variant === variant);
  const [kind] = new Set(own.map((row) => row.kind));
  expect(new Set(own.map(({ phase }) => phase))).toEqual(new Set(kind && phasesOf[kind]));
  const places = own.flatMap(({ phase, at, cells }) => Object.keys(cells).map((fault) => `${phase}, ${at}: ${fault}`));
  expect(places.length).toBe(own.length * faultNames.length);
  expect(new Set(places).size).toBe(places.length);
  for (const { cells } of own) expect(Object.keys(cells).toSorted()).toEqual(faultNames.toSorted());
});

const told = [...rows.flatMap(({ kind, cells }) => Object.values(cells).map((cell) => ({ kind, cell }))), ...states];
const expected = told.flatMap(({ kind, cell }) => (isExpected(cell) ? [{ kind, ...cell }] : []));

test('every cell says what is expected, or why there is nothing to expect', () => {
  const empty = told.filter(({ cell }) => !isExpected(cell) && !/\w{2}/.test(cell.never));
  const half = expected.filter(({ outcome, reason, phase, owner }) =>
    outcome === 'success' ? reason || phase || owner : !(reason && phase && owner),
  );
  expect([...empty, ...half]).toEqual([]);
});

test('the one who acts is the one whom the catalogue of reasons names', () => {
  const theirs = new Set<string>(['postgres', 'redis', 'tcp']);
  const others = expected.filter(
    ({ kind, reason, owner }) => reason && owner !== ownerOf(reason, theirs.has(kind) ? 'infrastructure' : 'application'),
  );
  expect(others).toEqual([]);
});

test('no two states of a kind are the same', () => {
  const names = states.map(({ kind, state }) => `${kind}: ${state}`);
  expect(new Set(names).size).toBe(names.length);
});

test(`${documentPath} is what the data say: ${writeCommand} writes it`, () => {
  expect(readFileSync(resolve(__dirname, '../../..', documentPath), 'utf8')).toBe(faultMatrix());
});

afterAll(() => void process.stdout.write(faultMatrix()));
