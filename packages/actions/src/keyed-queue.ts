/** Runs work one after the other for each key, in the order asked; different keys do not wait for each other. */
export type KeyedQueue = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** Makes a {@link KeyedQueue}. Work that fails does not hold up what comes after it. */
export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const result = (tails.get(key) ?? Promise.resolve()).then(work);
    const tail: Promise<void> = result.then(
      () => forget(),
      () => forget(),
    );
    const forget = (): void => {
      if (tails.get(key) === tail) tails.delete(key);
    };
    tails.set(key, tail);
    return result;
  };
}
