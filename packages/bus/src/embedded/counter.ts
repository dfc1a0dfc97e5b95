import type { RowWrite, SettingRow, Store } from '@counterpoint/events';

const SETTING = 'event_log';

/** Gives positions: they grow for ever, also across a take-over by another process and after all events were pruned. */
export interface Counter {
  /** The last position that was given. */
  readonly position: number;
  /** Goes back to where it stands in the store. */
  load(): Promise<void>;
  /** Gives no position up to this one. */
  raise(position: number): void;
  /** Gives the next position. */
  next(): number;
  /** The write that makes a position the last durable one; it is refused when another process gave positions meanwhile. */
  write(position: number): RowWrite;
  /** That write is durable. */
  written(): void;
}

/** Makes the {@link Counter} of a store; it must be loaded before it gives anything. */
export function createCounter(store: Store): Counter {
  let position = 0;
  let rev = 0;
  return {
    get position() {
      return position;
    },
    async load() {
      const row = await store.get('settings', SETTING);
      rev = row?.rev ?? 0;
      position = lastOf(row);
    },
    raise(least) {
      position = Math.max(position, least);
    },
    next() {
      position += 1;
      return position;
    },
    write(last) {
      const row = { id: SETTING, value: { position: last }, rev: rev + 1 };
      return rev === 0 ? { op: 'insert', table: 'settings', row } : { op: 'update', table: 'settings', row };
    },
    written() {
      rev += 1;
    },
  };
}

function lastOf(row: SettingRow | undefined): number {
  const { position } = (row?.value ?? {}) as { readonly position?: unknown };
  return typeof position === 'number' ? position : 0;
}
