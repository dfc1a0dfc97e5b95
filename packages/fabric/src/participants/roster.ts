import type { Change, ParticipantRow, Store } from '@counterpoint/events';
import type { DeclaredParticipant } from './parse-participant.ts';
import type { Participant, ParticipantChange } from './participant.ts';
import { participantOf } from './view.ts';

/** Every stored participant, in memory, as the store has it. */
export interface Roster {
  get(id: string): Participant | undefined;
  row(id: string): ParticipantRow | undefined;
  all(): readonly Participant[];
  rows(): Iterable<ParticipantRow>;
  /** Reads everything again: another process may have changed it. */
  refresh(): Promise<void>;
  onChanged(listener: (change: ParticipantChange) => void): () => void;
  close(): void;
}

const PAGE = 500;

async function readAll(store: Store): Promise<ParticipantRow[]> {
  const all: ParticipantRow[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await store.find('participants', { limit: PAGE, ...(last ? { after: [last.id] } : {}) });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** Makes an empty {@link Roster}; it follows what this process commits. */
export function createRoster(store: Store, declared: ReadonlyMap<string, DeclaredParticipant>): Roster {
  const rows = new Map<string, ParticipantRow>();
  const known = new Map<string, Participant>();
  const listeners = new Set<(change: ParticipantChange) => void>();
  let generation = 0;

  const set = (row: ParticipantRow): void => {
    const standing = rows.get(row.id);
    if (standing && standing.rev >= row.rev && standing.created_at === row.created_at) return;
    const before = known.get(row.id);
    const participant = participantOf(row, declared.get(row.id));
    rows.set(row.id, row);
    known.set(row.id, participant);
    for (const listener of listeners) listener({ id: row.id, before, participant });
  };
  const drop = (id: string): void => {
    const before = known.get(id);
    if (!before) return;
    rows.delete(id);
    known.delete(id);
    for (const listener of listeners) listener({ id, before, participant: undefined });
  };
  const follow = (change: Change): void => {
    for (const write of change.rows ?? []) {
      if (write.table !== 'participants') continue;
      generation += 1;
      if (write.op === 'delete') drop(write.id);
      else set(write.row);
    }
  };
  const stop = store.onCommitted(follow);

  return {
    get: (id) => known.get(id),
    row: (id) => rows.get(id),
    all: () => [...known.values()],
    rows: () => rows.values(),
    async refresh() {
      for (;;) {
        const before = generation;
        const read = await readAll(store);
        // Something was committed while reading: what was read may be older than what is known.
        if (generation !== before) continue;
        const there = new Set(read.map(({ id }) => id));
        for (const id of [...rows.keys()]) if (!there.has(id)) drop(id);
        for (const row of read) set(row);
        return;
      }
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}
