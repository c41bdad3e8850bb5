/** What becomes of a resource, from what is planned, what is found, and what was last applied. */
import { decide, differencesOf, tell } from '../../../deploy/apply/compare';
import { describedBy, digest, readDescription, readFingerprint, writeFingerprint } from '../../../deploy/apply/fingerprint';

const planned = { memoryMiB: 512, labels: { a: '1' }, steps: [{ name: 'x', limit: 1 }] };
const applied = (fields: object): { planned: string; stored: string } => ({ planned: digest(fields), stored: digest(fields) });

describe('a resource', () => {
  it('that is missing is created', () => {
    expect(decide(planned, undefined)).toEqual({ action: 'create' });
  });

  it('as planned is kept, whatever the order of its keys', () => {
    const found = { steps: [{ limit: 1, name: 'x' }], labels: { a: '1' }, memoryMiB: 512 };
    expect(decide(planned, { fields: found, fingerprint: applied(planned) })).toEqual({ action: 'keep' });
  });

  it('that nobody touched is updated when the plan changed', () => {
    const before = { ...planned, memoryMiB: 256 };
    expect(decide(planned, { fields: before, fingerprint: applied(before) })).toEqual({
      action: 'update',
      differences: [{ path: 'memoryMiB', planned: 512, found: 256 }],
    });
  });

  it('that somebody touched is changed, also when the plan changed as well', () => {
    const touched = { ...planned, memoryMiB: 1024 };
    expect(decide(planned, { fields: touched, fingerprint: applied(planned) })).toMatchObject({ action: 'changed' });
    expect(decide(planned, { fields: touched, fingerprint: applied({ ...planned, memoryMiB: 256 }) })).toMatchObject({ action: 'changed' });
  });

  it('without a fingerprint is taken for changed, unless it is as planned', () => {
    expect(decide(planned, { fields: { ...planned, memoryMiB: 1024 } })).toMatchObject({ action: 'changed' });
    expect(decide(planned, { fields: planned })).toEqual({ action: 'update', differences: [] });
  });

  it('that somebody made as the plan now wants it is only noted', () => {
    expect(decide(planned, { fields: planned, fingerprint: applied({ ...planned, memoryMiB: 256 }) })).toEqual({
      action: 'update',
      differences: [],
    });
  });

  it('that the server spells in its own way is kept', () => {
    const stored = { ...planned, added: 'by the server' };
    const fingerprint = { planned: digest(planned), stored: digest(stored) };
    expect(decide(planned, { fields: stored, fingerprint })).toEqual({ action: 'keep' });
    expect(decide(planned, { fields: { ...stored, memoryMiB: 1 }, fingerprint })).toMatchObject({ action: 'changed' });
  });
});

describe('differences', () => {
  it('are told by their place, lists of other lengths as a whole', () => {
    expect(differencesOf({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } })).toEqual([{ path: 'a.b.1.c', planned: 2, found: 3 }]);
    expect(differencesOf({ a: [1] }, { a: [1, 2] })).toEqual([{ path: 'a', planned: [1], found: [1, 2] }]);
    expect(differencesOf({}, { more: true })).toEqual([{ path: 'more', planned: undefined, found: true }]);
  });

  it('are shown aligned and short', () => {
    const lines = tell([
      { path: 'memoryMiB', planned: 512, found: 1024 },
      { path: 'a', planned: undefined, found: 'x'.repeat(100) },
    ]);
    expect(lines[0]).toBe('memoryMiB  planned 512, found 1024');
    expect(lines[1]).toBe(`a          planned nothing, found ${'x'.repeat(59)}…`);
  });
});

describe('fingerprints', () => {
  it('are read as they were written', () => {
    for (const fingerprint of [applied(planned), { planned: digest(1), stored: digest(2) }])
      expect(readFingerprint(writeFingerprint(fingerprint))).toEqual(fingerprint);
    expect(readFingerprint('somebody’s')).toBeUndefined();
    expect(readFingerprint(undefined)).toBeUndefined();
  });

  it('fit into a label and stand at the end of a description', () => {
    expect(writeFingerprint({ planned: digest(1), stored: digest(2) })).toMatch(/^[a-z0-9_-]{1,63}$/);
    expect(readDescription(describedBy('runs [2] targets', digest(1)))).toEqual({
      description: 'runs [2] targets',
      fingerprint: { planned: digest(1), stored: digest(1) },
    });
    expect(readDescription('runs [2] targets')).toEqual({ description: 'runs [2] targets' });
  });
});
