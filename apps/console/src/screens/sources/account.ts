import type { CallResult } from '@counterpoint/sdk';
import type { Tone } from '../../ui/states.ts';

/** A source as the API shows it. */
export type Source = CallResult<'listSources'>['items'][number];
/** How many items went which way. */
export type Counts = Source['counts'];
/** What became of an item. */
export type Decision = Exclude<keyof Counts, 'received'>;

/** One term of an account. */
export interface Term {
  readonly decision: Decision;
  readonly count: number;
  /** In the equation: `312 alerts`. */
  readonly words: string;
  /** Share of what came in, 0 to 1. */
  readonly share: number;
}

/** What came in and what became of it. */
export interface Account {
  readonly total: number;
  readonly terms: readonly Term[];
  /** Whether the terms add up and nothing is missing. */
  readonly addsUp: boolean;
}

interface Way {
  readonly one: string;
  readonly many: string;
  readonly means: string;
  readonly tone: Tone;
  /** Colour in charts and bars. */
  readonly color: string;
}

/** The ways that an item can go, in the order of the equation. */
export const WAYS: Readonly<Record<Decision, Way>> = {
  created: { one: 'alert', many: 'alerts', means: 'became a new alert', tone: 'good', color: 'teal.6' },
  merged: {
    one: 'merged',
    many: 'merged',
    means: 'the same finding within the window: counted on the alert that is there',
    tone: 'busy',
    color: 'blue.6',
  },
  duplicate: {
    one: 'duplicate',
    many: 'duplicates',
    means: 'the very same record or delivery again',
    tone: 'calm',
    color: 'gray.5',
  },
  suppressed: {
    one: 'suppressed',
    many: 'suppressed',
    means: 'no alert by the rules of the normaliser, such as a flow record',
    tone: 'calm',
    color: 'violet.5',
  },
  refused: {
    one: 'refused',
    many: 'refused',
    means: 'could not be read; the reason is kept',
    tone: 'bad',
    color: 'red.6',
  },
};

/** The decisions, in the order of the equation. */
export const DECISIONS = Object.keys(WAYS) as readonly Decision[];

/** The account of a source as an equation. */
export function accountOf(counts: Counts, missing = 0): Account {
  const total = counts.received;
  const sum = DECISIONS.reduce((all, decision) => all + counts[decision], 0);
  const terms = DECISIONS.map((decision) => {
    const count = counts[decision];
    const { one, many } = WAYS[decision];
    const words = `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
    return { decision, count, words, share: total === 0 ? 0 : count / total };
  });
  return { total, terms, addsUp: sum === total && missing === 0 };
}

/** How a source stands, in a word. */
export const STATES: Readonly<
  Record<Source['state'], { readonly word: string; readonly tone: Tone; readonly means: string }>
> = {
  receiving: {
    word: 'receiving',
    tone: 'good',
    means: 'Something came within the last day, or nothing was to be expected.',
  },
  silent: {
    word: 'silent',
    tone: 'bad',
    means: 'Nothing came for 24 hours although the last 7 days brought more than 7, or nothing for 7 days.',
  },
  new: { word: 'nothing yet', tone: 'calm', means: 'Nothing has come since it was made.' },
  disabled: { word: 'disabled', tone: 'calm', means: 'What is sent to it is refused.' },
};
