import type { Query, Rows } from '@counterpoint/events';
import type { Foundations } from './foundations.ts';

/** How often what other processes changed is looked for, in milliseconds. */
const LOOK = 1_000;

/** What to do when another process changed playbooks or connections. */
export interface Noticed {
  readonly playbooks: () => void;
  readonly connections: () => void;
}

/**
 * Notices within a second or two what other processes publish and connect; what this one does is noticed by itself.
 * Gives the way to stop.
 */
export function watchOthers({ store, clock, log }: Pick<Foundations, 'store' | 'clock' | 'log'>, noticed: Noticed) {
  const known = new Map<string, string>();
  let stopped = false;
  let disarm = () => {};
  const look = async (table: 'playbooks' | 'connections'): Promise<void> => {
    const latest: Query<Rows[typeof table]> = { orderBy: [{ column: 'updated_at', descending: true }], limit: 1 };
    const [[row], count] = await Promise.all([store.find(table, latest), store.count(table)]);
    const mark = `${count} ${row?.id} ${row?.rev} ${row?.updated_at}`;
    const before = known.get(table);
    known.set(table, mark);
    if (before !== undefined && before !== mark) noticed[table]();
  };
  const round = async (): Promise<void> => {
    await Promise.all([look('playbooks'), look('connections')]).catch((error: unknown) =>
      log.warn({ err: String(error) }, 'what other processes changed could not be read; it is tried again'),
    );
    if (!stopped) disarm = clock.after(LOOK, () => void round());
  };
  void round();
  return () => {
    stopped = true;
    disarm();
  };
}
