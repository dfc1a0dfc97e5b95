import type { Store } from '@counterpoint/events';
import type { Foundations } from './foundations.ts';

/** How often what other processes changed is looked for, in milliseconds. */
const LOOK = 1_000;
/** How long what was told is gathered before it is looked at, in milliseconds. */
const GATHER = 20;

/** What to do when another process changed something. What fails is done again with the next look. */
export interface Noticed {
  readonly playbooks: () => void;
  readonly connections: () => void;
  readonly participants?: () => void;
  readonly credentials?: () => void;
  readonly services?: () => void;
  readonly secrets?: () => Promise<void>;
}

type Watched = keyof Noticed;

/** The tables whose rows every process keeps in memory. */
export const WATCHED: readonly Watched[] = [
  'playbooks',
  'connections',
  'participants',
  'credentials',
  'services',
  'secrets',
];

const PAGE = 500;

/** Says in which revision every row stands: times would not do, since the clocks of two machines may differ. */
async function markOf(store: Store, table: Watched): Promise<string> {
  const mark: string[] = [];
  for (let after: readonly string[] | undefined; ; ) {
    const rows = await store.find(table, { limit: PAGE, ...(after ? { after } : {}) });
    for (const row of rows) mark.push(`${row.id} ${'rev' in row ? row.rev : row.expires_at}`);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return mark.join();
    after = [last.id];
  }
}

/**
 * Notices within a second or two what other processes publish and connect; what this one does is noticed by itself. At the
 * beginning it calls back once for each, for what changed while the process started.
 * Gives the way to stop.
 *
 * @param hear tells of tables that others changed, so that they are looked at at once
 */
export function watchOthers(
  { store, clock, log }: Pick<Foundations, 'store' | 'clock' | 'log'>,
  noticed: Noticed,
  hear: (listener: (tables: readonly string[]) => void) => () => void = () => () => {},
) {
  const known = new Map<string, string>();
  const watched = Object.keys(noticed) as Watched[];
  let stopped = false;
  let disarm = () => {};
  const look = async (table: Watched): Promise<void> => {
    const mark = await markOf(store, table);
    if (known.get(table) === mark) return;
    await noticed[table]?.();
    known.set(table, mark);
  };
  const lookAt = async (tables: readonly Watched[]): Promise<void> => {
    await Promise.all(tables.map(look)).catch((error: unknown) =>
      log.warn({ err: String(error) }, 'what other processes changed could not be read; it is tried again'),
    );
  };
  const told = new Set<string>();
  let gathering = false;
  const gather = (): void => {
    gathering = told.size > 0 && !stopped;
    if (!gathering) return;
    clock.after(GATHER, () => {
      const tables = watched.filter((table) => told.has(table));
      told.clear();
      void lookAt(tables).then(gather);
    });
  };
  const stopHearing = hear((tables) => {
    for (const table of tables) told.add(table);
    if (!gathering) gather();
  });
  const round = async (): Promise<void> => {
    await lookAt(watched);
    if (!stopped) disarm = clock.after(LOOK, () => void round());
  };
  void round();
  return () => {
    stopped = true;
    stopHearing();
    disarm();
  };
}
