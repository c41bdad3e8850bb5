/** Asks Prometheus' own engine what queries and alerting rules give on series that we make up, by way of `promtool test rules`. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertPolicy } from '../../monitoring/documents';
import { evaluationMs } from '../windows';
import { ruleFile } from '../rules';

export interface Sample {
  /** Milliseconds since the beginning of the world, whole seconds. */
  readonly at: number;
  readonly value: number;
}

export interface Series {
  /** As PromQL writes it, with labels. */
  readonly series: string;
  /** Ascending. */
  readonly samples: readonly Sample[];
}

export interface Question {
  readonly query: string;
  readonly at: number;
}

/** What is known, and what is asked on it. Worlds know nothing of each other. */
export interface World {
  readonly series: readonly Series[];
  readonly questions: readonly Question[];
}

/** One series of an answer; a question without an answer gives none. */
export interface Answer {
  readonly world: number;
  readonly at: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** There is no promtool; told to whoever asked for it. */
export class PromtoolMissing extends Error {
  override readonly name = 'PromtoolMissing';
  constructor() {
    super(
      'promtool was not found on the PATH; it comes with Prometheus: apt-get install prometheus (Debian, Ubuntu), brew install prometheus (macOS), or https://prometheus.io/download',
    );
  }
}

const secondMs = 1000;
const worldLabel = 'world';

/** The values at every second, as promtool's files write them: `_xN` is N seconds without one, `1 _x59 0` a point a minute. */
function valuesOf(samples: readonly Sample[]): string {
  const parts: string[] = [];
  let next = 0;
  for (const { at, value } of samples) {
    const second = Math.round(at / secondMs);
    if (second < next) continue;
    if (second > next) parts.push(`_x${second - next}`);
    parts.push(String(value));
    next = second + 1;
  }
  return parts.join(' ');
}

function testOf({ series, questions }: World, index: number): object {
  return {
    interval: '1s',
    input_series: series.filter(({ samples }) => samples.length > 0).map((one) => ({ series: one.series, values: valuesOf(one.samples) })),
    promql_expr_test: questions.map(({ query, at }) => ({
      expr: `label_replace(${query}, "${worldLabel}", "${index}", "", "")`,
      eval_time: `${Math.round(at / secondMs)}s`,
    })),
  };
}

const times: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

function millisecondsOf(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[dhms])/g)].reduce((sum, [, digits, unit = 's']) => sum + Number(digits) * (times[unit] ?? 0), 0);
}

/** Every question expects nothing, so promtool tells of each that gives something, and what. */
function answersIn(output: string): readonly Answer[] {
  const found = output.matchAll(/^ *expr: ".*", time: (\S+),\s*\n\s*exp: ?nil\s*\n\s*got: ?(.*)$/gm);
  return [...found].flatMap(([, time = '', got = '']) =>
    [...got.matchAll(/\{([^}]*)\} (\S+?)(?=,|$)/g)].map(([, inside = '', value]): Answer => {
      const labels = Object.fromEntries([...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key ?? '', text ?? '']));
      const { [worldLabel]: world, ...rest } = labels;
      return { world: Number(world), at: millisecondsOf(time), labels: rest, value: Number(value) };
    }),
  );
}

interface Ended {
  readonly missing: boolean;
  readonly output: string;
  readonly good: boolean;
}

function promtool(args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('promtool', args, { cwd, maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      resolve({ missing: error?.code === 'ENOENT', good: error === null, output: `${stdout}\n${stderr}` });
    });
  });
}

async function inFolder<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'vpc-synthetics-promtool-'));
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param policies whose conditions are evaluated as alerting rules, every 30 s; ask for `ALERTS` to see them.
 * @throws PromtoolMissing, or an Error with promtool's own words, e.g. for a query that it can't parse.
 */
export function ask(worlds: readonly World[], policies: readonly AlertPolicy[] = []): Promise<readonly Answer[]> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'rules.json'), JSON.stringify(ruleFile(policies)));
    const tests = worlds.map((world, index) => testOf(world, index));
    const file = { rule_files: policies.length === 0 ? [] : ['rules.json'], evaluation_interval: `${evaluationMs / secondMs}s`, tests };
    await writeFile(join(folder, 'tests.json'), JSON.stringify(file));
    const { missing, good, output } = await promtool(['test', 'rules', 'tests.json'], folder);
    if (missing) throw new PromtoolMissing();
    const answers = answersIn(output);
    // What was asked and what was got may hold the word, too: it is a severity.
    const odd = /^( *expr: .*err: .*|(?! *(?:expr|exp|got):).*\berror\b.*)$/m.exec(output)?.[0];
    if (odd !== undefined || (!good && answers.length === 0)) throw new Error(`promtool: ${(odd ?? output).trim().slice(0, 2000)}`);
    return answers;
  });
}

/** @throws an Error with promtool's own words when a condition's query is not PromQL. */
export function checkQueries(policies: readonly AlertPolicy[]): Promise<void> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'rules.json'), JSON.stringify(ruleFile(policies)));
    const { missing, good, output } = await promtool(['check', 'rules', 'rules.json'], folder);
    if (missing) throw new PromtoolMissing();
    if (!good) throw new Error(`promtool: ${output.trim().slice(0, 2000)}`);
  });
}
