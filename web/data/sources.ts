/** What the page has read, by its path: read again while somebody looks, kept when it can't be read again. */
import { browserNow, now } from '../clock';
import { ask, whyNot } from './asking';

/** Something that was asked for. */
export interface Answer<T> {
  /** The last one that came, however old. */
  readonly value: T | undefined;
  /** Milliseconds since 1970: when it came. */
  readonly cameAt: number | undefined;
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

/** Milliseconds between two looks. */
const periods = { usual: 60_000, embedded: 10_000 } as const;
const mostKept = 40;
/** The status function keeps what it read for so long. */
const keptMs = 60_000;
/** So long an answer may take to come. */
const graceMs = 10_000;

const sources = new Map<string, Source>();
let period: number = periods.usual;
let timer: ReturnType<typeof setTimeout> | undefined;

const tell = (source: Source): void => source.listeners.forEach((listener) => listener());

async function read(path: string, source: Source): Promise<void> {
  if (source.answer.loading) return;
  source.answer = { ...source.answer, loading: true };
  source.askedAt = browserNow();
  tell(source);
  try {
    const text = await ask(path);
    // What says the same stays the same, so that nothing is drawn anew.
    const value = text === source.text ? source.answer.value : (JSON.parse(text) as unknown);
    source.text = text;
    // What is drawn of it is work of its own.
    await new Promise((passed) => setTimeout(passed));
    source.answer = { value, cameAt: now(), failure: undefined, loading: false };
  } catch (error) {
    source.answer = { ...source.answer, failure: { message: whyNot(error), at: now() }, loading: false };
  }
  tell(source);
}

function sourceOf(path: string): Source {
  const known = sources.get(path);
  if (known) return known;
  const nothing = { value: undefined, cameAt: undefined, failure: undefined, loading: false };
  const made: Source = { answer: nothing, text: '', askedAt: 0, listeners: new Set() };
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
  if (browserNow() - source.askedAt >= period || source.answer.failure) void read(path, source);
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

/** @returns milliseconds after which a reading is old: it was kept for as long as the function does, and one look failed to renew it. */
export function oldAfter(): number {
  return keptMs + period + graceMs;
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
    if (document.visibilityState === 'visible' && browserNow() - oldest >= period) refresh();
  });
}
