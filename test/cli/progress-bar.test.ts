/** The line that follows a verification. */
import { createProgressBar } from '../../cli/progress-bar';

test('counts functions and rounds, names those that are awaited, and counts down to the next round', () => {
  const shown: string[] = [];
  let now = 0;
  const bar = createProgressBar({ show: (text) => shown.push(text), clear: () => shown.push('') }, () => now);
  const answered = (kind: string): void => bar.tell({ type: 'answered', round: 1, of: 2, kind, durationMs: 1, outcome: 'not reached' });
  bar.tell({ type: 'round', round: 1, of: 2, functions: ['redis', 'tcp', 'tcp'] });
  now = 1200;
  answered('tcp');
  answered('redis');
  answered('tcp');
  bar.tell({ type: 'done', round: 1, of: 2, durationMs: 1200 });
  bar.tell({ type: 'pause', next: 2, of: 2, ms: 10_000 });
  bar.tell({ type: 'round', round: 2, of: 2, functions: ['redis', 'tcp', 'tcp'] });
  bar.stop();
  expect(shown).toEqual([
    'round 1/2 ░░░░░░░░░░░░░░░░░░░░ 0 s  0/3 functions, waiting for redis, tcp, tcp',
    'round 1/2 ███░░░░░░░░░░░░░░░░░ 1 s  1/3 functions, waiting for redis, tcp',
    'round 1/2 ███████░░░░░░░░░░░░░ 1 s  2/3 functions, waiting for tcp',
    'round 1/2 ██████████░░░░░░░░░░ 1 s  3/3 functions',
    'round 1/2 ██████████░░░░░░░░░░ 1 s  3/3 functions',
    'round 1/2 ██████████░░░░░░░░░░ 1 s  next round in 10 s',
    'round 2/2 ██████████░░░░░░░░░░ 1 s  0/3 functions, waiting for redis, tcp, tcp',
    '',
  ]);
});

test('shows nothing where there is no terminal', () => {
  const bar = createProgressBar(undefined);
  bar.tell({ type: 'round', round: 1, of: 1, functions: [] });
  expect(() => bar.stop()).not.toThrow();
});
