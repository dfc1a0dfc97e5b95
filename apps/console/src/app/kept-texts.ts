/** What of the browser's storage is used. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Texts that people are writing and the server does not have yet, in the storage of their browser. */
export interface KeptTexts {
  /** From now on this person writes; nothing is kept before anybody is known. */
  belongTo(person: string): void;
  read(name: string): string | null;
  /** Keeps a text, an empty one not; answers whether there was room for it. */
  write(name: string, text: string): boolean;
  /** What is kept of the person, by the names it was written under. */
  names(): readonly string[];
  /** Removes everything of the person, who leaves by choice; nothing more is kept on this page. */
  leave(): void;
}

const PREFIX = 'cp-text:';

/**
 * Makes {@link KeptTexts}. They outlive the page, the browser and the session, and are given to nobody but who wrote them;
 * whoever can open the storage of the browser itself can read them there, as everything that this person's browser keeps.
 */
export function createKeptTexts(storage: () => TextStorage): KeptTexts {
  let prefix: string | undefined;
  const keyOf = (name: string): string => `${prefix}${name}`;
  /** Some browsers keep nothing, or are full: then a text stands as long as the page does. */
  const trying = <Result>(work: (storage: TextStorage) => Result, otherwise: Result): Result => {
    if (prefix === undefined) return otherwise;
    try {
      return work(storage());
    } catch {
      return otherwise;
    }
  };
  const names = (): readonly string[] =>
    trying((kept) => {
      const keys = Array.from({ length: kept.length }, (_none, at) => kept.key(at) ?? '');
      return keys.filter((key) => key.startsWith(keyOf(''))).map((key) => key.slice(keyOf('').length));
    }, []);
  return {
    belongTo(person) {
      prefix = `${PREFIX}${person}:`;
    },
    read: (name) => trying((kept) => kept.getItem(keyOf(name)), null),
    write: (name, text) =>
      trying((kept) => {
        if (text === '') kept.removeItem(keyOf(name));
        else kept.setItem(keyOf(name), text);
        return true;
      }, false),
    names,
    leave() {
      for (const name of names()) trying((kept) => kept.removeItem(keyOf(name)), undefined);
      prefix = undefined;
    },
  };
}

/** The texts of whoever uses this page. */
export const keptTexts = createKeptTexts(() => window.localStorage);
