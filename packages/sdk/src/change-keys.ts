import { CounterpointError } from '@counterpoint/core';

/** The keys under which changes are asked for, as long as it is not known what came of them. */
export interface ChangeKeys {
  /** The key of a change; the same one for the very same change, as long as the last one got no answer. */
  keyFor(wish: string): string;
  /** Notes that the server has answered: the same is another change from now on. */
  answered(wish: string): void;
  /** Notes what was thrown: after some errors nobody knows whether it was done, or it was not even looked at. */
  failed(wish: string, error: unknown): void;
}

const FORGET_AFTER = 10 * 60_000;
const MOST = 50;

/** Whether a server said what came of it, for good. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof CounterpointError) || error.code.startsWith('sdk.')) return false;
  return !error.retryable && error.status !== 401 && error.status !== 403;
}

/** Makes {@link ChangeKeys}, which hold a change for ten minutes: whoever asks for the same later wants it once more. */
export function createChangeKeys(now: () => number): ChangeKeys {
  const open = new Map<string, { readonly key: string; readonly at: number }>();
  return {
    keyFor(wish) {
      const known = open.get(wish);
      if (known && now() - known.at < FORGET_AFTER) return known.key;
      const key = crypto.randomUUID();
      open.delete(wish);
      open.set(wish, { key, at: now() });
      const [oldest] = open.keys();
      if (open.size > MOST && oldest !== undefined) open.delete(oldest);
      return key;
    },
    answered: (wish) => void open.delete(wish),
    failed(wish, error) {
      if (isFinal(error)) open.delete(wish);
    },
  };
}
