/** What the page has read, by its path: read again while somebody looks, kept when it can't be read again. */
import { now } from '../clock';
import { ask, whyNot } from './asking';

/** Something that was asked for. */
export interface Answer<T> {
  /** The last one that came, however old. */
  readonly value: T | undefined;
  /** Why there is nothing newer, and since when. */
  readonly failure: { readonly message: string; readonly at: number } | undefined;
  readonly loading: boolean;
}

interface Source {
  answer: Answer<unknown>;
  text: string;
  askedAt: number;
  readonly listeners: Set<() => void>;
}

/** Milliseconds between two looks: the answers themselves are kept for a minute, but in the embedded stack. */
const periods = { usual: 60_000, embedded: 10_000 } as const;
const mostKept = 40;

const sources = new Map<string, Source>();
let period: number = periods.usual;
let timer: ReturnType<typeof setTimeout> | undefined;

const tell = (source: Source): void => source.listeners.forEach((listener) => listener());

async function read(path: string, source: Source): Promise<void> {
  if (source.answer.loading) return;
  source.answer = { ...source.answer, loading: true };
  source.askedAt = now();
  tell(source);
  try {
    const text = await ask(path);
    // What says the same stays the same, so that nothing is drawn anew.
    const value = text === source.text ? source.answer.value : (JSON.parse(text) as unknown);
    source.text = text;
    source.answer = { value, failure: undefined, loading: false };
  } catch (error) {
    source.answer = { ...source.answer, failure: { message: whyNot(error), at: now() }, loading: false };
  }
  tell(source);
}

function sourceOf(path: string): Source {
  const known = sources.get(path);
  if (known) return known;
  const made: Source = { answer: { value: undefined, failure: undefined, loading: false }, text: '', askedAt: 0, listeners: new Set() };
  sources.set(path, made);
  for (const [other, { listeners }] of sources) {
    if (sources.size <= mostKept) break;
    if (listeners.size === 0 && other !== path) sources.delete(other);
  }
  return made;
}

/** @returns what is known now. */
export function answerOf(path: string): Answer<unknown> {
  return sourceOf(path).answer;
}

/** Reads it now, and again from time to time, until the returned function is called. */
export function watch(path: string, listener: () => void): () => void {
  const source = sourceOf(path);
  source.listeners.add(listener);
  if (now() - source.askedAt >= period || source.answer.failure) void read(path, source);
  return () => void source.listeners.delete(listener);
}

/** Reads everything that is shown once more. */
export function refresh(): void {
  schedule();
  for (const [path, source] of sources) if (source.listeners.size > 0) void read(path, source);
}

function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(() => (document.visibilityState === 'visible' ? refresh() : schedule()), period);
}

/** Looks more often where the answers are made anew more often. */
export function lookEvery(which: keyof typeof periods): void {
  if (period === periods[which]) return;
  period = periods[which];
  schedule();
}

/** Begins to look. Who comes back to the page sees what is new at once. */
export function startLooking(): void {
  schedule();
  document.addEventListener('visibilitychange', () => {
    const oldest = Math.min(...[...sources.values()].filter(({ listeners }) => listeners.size > 0).map(({ askedAt }) => askedAt));
    if (document.visibilityState === 'visible' && now() - oldest >= period) refresh();
  });
}
