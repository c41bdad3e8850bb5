/** Steps on their way from Node to bash, and to people. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handOver, titlesOf } from '../../../deploy/apply/handover';
import { pairs } from '../../../deploy/apply/stages/functions';
import { joined, shellLine, type Step } from '../../../deploy/apply/step';

const nasty = ['', ' ', "it's", '"$HOME"', '`id`', '$(id)', 'a\nb', '*', '~', '\\', '!', '{"a":[1,2]}', 'ä→', '--flag=a b', ';', '#'];

describe('a step', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'synthetics-steps-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('reaches bash word for word', () => {
    handOver({ folder, endpoints: {} }, { steps: [{ title: 't', lane: 'l', command: { gcloud: nasty } }], kept: '', notes: [] });
    const script = 'while IFS= read -r -d "" word; do printf "%s\\0" "$word"; done <"$1"';
    const words = execFileSync('bash', ['-c', script, 'bash', join(folder, 'steps/00000/00001')], { encoding: 'utf8' }).split('\0');
    expect(words.slice(5, -1)).toEqual(['gcloud', ...nasty]);
  });

  it('is shown so that a shell reads it back word for word', () => {
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${shellLine(nasty)}`], { encoding: 'utf8' }).split('\0');
    expect(words.slice(0, -1)).toEqual(nasty);
    expect(shellLine(['gcloud', '--memory=512Mi', '--labels=a=b,c=d'])).toBe('gcloud --memory=512Mi --labels=a=b,c=d');
  });

  it('of requests is kept in a file, and shown as curl with the token asked for, not written', () => {
    const body = { displayName: "the team's" };
    const request = { method: 'POST', api: 'monitoring', path: 'v3/projects/p/alertPolicies', body } as const;
    handOver({ folder, endpoints: {} }, { steps: [{ title: 't', lane: 'l', command: { requests: [request] } }], kept: '', notes: [] });
    const [, , , , shown = '', program, file = ''] = readFileSync(join(folder, 'steps/00000/00001'), 'utf8').split('\0');
    expect(program).toBe('requests');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([request]);
    expect(shown).toContain('$(gcloud auth print-access-token)');
    expect(shown).toContain(`https://monitoring.googleapis.com/v3/projects/p/alertPolicies --json '{"displayName":"the team'\\''s"}'`);
  });

  it('stands in the folder of its lane, numbered over all', () => {
    const step = (title: string, lane: string): Step => ({ title, lane, command: { gcloud: [title] } });
    handOver({ folder, endpoints: {} }, { steps: [step('a', 'x'), step('b', 'y'), step('c', 'x')], kept: '2 as planned', notes: ['n'] });
    const files = execFileSync('find', ['.', '-type', 'f'], { cwd: join(folder, 'steps'), encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files.toSorted()).toEqual(['./00000/00001', './00000/00003', './00001/00002']);
    expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('2 as planned');
    expect(readFileSync(join(folder, 'notes'), 'utf8')).toBe('n\n');
  });

  it('is joined with others where they are many, but never one that asks', () => {
    const many = Array.from({ length: 120 }, (_unused, index): Step => ({
      title: `SLO ${index}`,
      lane: String(index),
      command: { requests: [{ method: 'DELETE', api: 'monitoring', path: `v3/${index}` }] },
      ...(index === 7 && { takesBack: ['goal  planned 0.9, found 0.5'] }),
    }));
    const steps = joined(many, 'SLOs', 'SLOs');
    expect(steps.map(({ title }) => title)).toEqual(['SLOs: 1 to 50 of 119', 'SLOs: 51 to 100 of 119', 'SLOs: 101 to 119 of 119', 'SLO 7']);
    expect(titlesOf(steps).toSorted()).toEqual(many.map(({ title }) => title).toSorted());
    expect(joined(many.slice(0, 20), 'SLOs', 'SLOs')).toHaveLength(20);
  });
});

describe('pairs for gcloud', () => {
  it('are separated by commas, or by another sign where a value has one', () => {
    expect(pairs({ a: '1', b: '2' })).toBe('a=1,b=2');
    expect(pairs({ a: '1,2', b: '3;4' })).toBe('^|^a=1,2|b=3;4');
  });
});
