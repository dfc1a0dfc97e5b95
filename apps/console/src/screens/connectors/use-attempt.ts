import { useState } from 'react';

/** What a form does for who looks at it: which attempt is under way, and what the last one failed with. */
export interface Attempts<What extends string> {
  readonly busy: What | undefined;
  readonly error: unknown;
  /** Does the work when the form is ready; what it throws is shown, not thrown. */
  attempt(what: What, work: () => Promise<void>): Promise<void>;
}

/** The attempts of a form. @param ready Says whether it may be sent, and shows what is missing. */
export function useAttempt<What extends string>(ready: () => boolean): Attempts<What> {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<What>();
  return {
    ...{ busy, error },
    async attempt(what, work) {
      if (!ready()) return;
      setBusy(what);
      setError(undefined);
      try {
        await work();
      } catch (thrown) {
        setError(thrown);
      } finally {
        setBusy(undefined);
      }
    },
  };
}
