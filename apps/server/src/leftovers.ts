import type { Ingest } from '@counterpoint/ingest';
import type { Foundations } from './foundations.ts';

const LOOK = 2_000;
/** What has stood undecided for this long was left by a process that is gone, in milliseconds. */
const OLD = 5_000;

/** Decides about inputs that a process had acknowledged and not decided about when it died. Gives the way to stop. */
export function takeUpLeftovers({ store, clock, log }: Pick<Foundations, 'store' | 'clock' | 'log'>, ingest: Ingest) {
  let stopped = false;
  let disarm = () => {};
  const round = async (): Promise<void> => {
    try {
      const where = { state: 'received', received_at: { lt: clock.now() - OLD } } as const;
      if ((await store.find('raw_inputs', { where, limit: 1 })).length > 0) ingest.recover();
    } catch (error) {
      log.warn({ err: String(error) }, 'inputs that were left could not be looked for; it is tried again');
    }
    if (!stopped) disarm = clock.after(LOOK, () => void round());
  };
  void round();
  return () => {
    stopped = true;
    disarm();
  };
}
