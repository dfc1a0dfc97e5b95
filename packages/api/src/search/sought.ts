import { type NamedObservable, readObservableIf } from '@counterpoint/cases';
import { refang } from '@counterpoint/formats';

/** What somebody looks for, read once. */
export interface Sought {
  /** As it was typed, without the blanks around it. */
  readonly typed: string;
  /** In lower case. */
  readonly text: string;
  /** Its words in lower case, at most 8. */
  readonly words: readonly string[];
  /** The beginning of an id, or a whole one; empty when it cannot be one. */
  readonly id: string;
  /** The observable that the text is as a whole, defanged or not. */
  readonly observable: NamedObservable | undefined;
}

const MOST_WORDS = 8;
/** Ids begin with the time: fewer characters would mean everything of some weeks. */
const ID = /^(?:[a-z_]+:)?([0-9a-f]{8}[0-9a-f-]{0,28})$/;

/** Reads what was typed into a search field. */
export function readSought(typed: string): Sought {
  const given = typed.trim();
  const text = given.toLowerCase();
  const words = text.split(/\s+/).slice(0, MOST_WORDS);
  return { typed: given, text, words, id: ID.exec(text)?.[1] ?? '', observable: readObservableIf(refang(typed)) };
}

/** Whether titles are searched: the text is neither an id nor a value. */
export function looksForWords({ id, observable }: Sought): boolean {
  return id === '' && observable === undefined;
}

/** Whether every word that is looked for occurs in one of the texts. */
export function holdsWords({ words }: Sought, ...texts: readonly string[]): boolean {
  const whole = texts.join('\n').toLowerCase();
  return words.every((word) => whole.includes(word));
}
