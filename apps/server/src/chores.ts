import type { Foundations } from './foundations.ts';

const INTERVAL = 3_600_000;

/** Something small that is to be done every hour. */
export interface Chore {
  readonly name: string;
  work(): Promise<unknown>;
}

/** Does the chores every hour, one after the other; one that fails is tried again with the next round. Gives the way to stop. */
export function keepChores({ clock, log }: Pick<Foundations, 'clock' | 'log'>, chores: readonly Chore[]): () => void {
  let cancel = () => {};
  const round = async () => {
    for (const { name, work } of chores) {
      await work().catch((error: unknown) => log.warn({ chore: name, err: String(error) }, 'an hourly chore failed'));
    }
  };
  const next = () => {
    cancel = clock.after(INTERVAL, () => void round().then(next));
  };
  next();
  return () => cancel();
}
