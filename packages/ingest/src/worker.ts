import { backoffDelay, type Clock, isCounterpointError } from '@counterpoint/core';
import type { AlertRow, DedupWindowRow, RawInputRow, RowWrite, SourceRow, Store } from '@counterpoint/events';
import { mergeChanges } from '@counterpoint/events';
import { decide, type PendingItem, type Standing, windowsOf } from './decide/decide.ts';
import { type OpenRaw, openRaw, type RawReader, takeItems, type UnreadableRaw, type WaitingRaw } from './open-raw.ts';
import { decisionOn } from './receive.ts';
import { createGiveWay } from './stretch.ts';

/** What the worker is made of. */
export interface WorkerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly reader: RawReader;
  /** Is told why a batch has to be done again. */
  readonly onRetry: (error: unknown) => void;
}

/** Decides about what was received, one batch after the other. */
export interface Worker {
  /**
   * Hands over a raw input of a source that has just become durable. Never waits: what does not fit in memory is read
   * from the store later.
   */
  offer(raw: RawInputRow, source: SourceRow): void;
  /** Takes up everything in the store that is still `received`. */
  recover(): void;
  /** Resolves when everything offered so far is decided. */
  idle(): Promise<void>;
  /** Lets the current batch end and takes no other one; what is left stays `received`. */
  stop(): Promise<void>;
}

/** How many items are decided by one commit. */
const BATCH_ITEMS = 128;
/** How many bytes of raw input wait in memory; beyond it they wait in the store only. */
const QUEUE_BYTES = 16 * 1024 * 1024;
const REFILL_ROWS = 8;
/** How often a raw input may meet a defect of ours before it is set aside. */
const MAX_DEFECTS = 3;
const RETRY = { delay: 20, factor: 2, max: 10_000 };

interface Batch {
  readonly items: PendingItem[];
  readonly done: RawInputRow[];
  /** Those of `done` that hold no items. */
  readonly empty: RawInputRow[];
  readonly unreadable: UnreadableRaw[];
}

/** Makes a worker; it begins when something is offered. There is one for a store in a process. */
export function createWorker(options: WorkerOptions): Worker {
  return new BatchWorker(options);
}

class BatchWorker implements Worker {
  readonly #options: WorkerOptions;
  readonly #giveWay = createGiveWay();
  #queue: WaitingRaw[] = [];
  #queuedBytes = 0;
  #open: OpenRaw | undefined;
  /** Something that is `received` stands in the store only, so new arrivals wait there too. */
  #behind = false;
  /** Something arrived since the store was last read. */
  #missed = false;
  /** After a defect one raw input is done at a time, until the one is found that causes it. */
  #suspect: RawInputRow | undefined;
  #careful = false;
  /** Versions of normalisers that the store has. */
  readonly #kept = new Set<string>();
  #running: Promise<void> | undefined;
  #stopped = false;
  #endWait: () => void = () => undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  offer(raw: RawInputRow, source: SourceRow): void {
    if (this.#behind || (this.#queuedBytes + raw.body.length > QUEUE_BYTES && this.#queue.length > 0)) {
      this.#behind = true;
      this.#missed = true;
    } else {
      this.#queue.push({ raw, source });
      this.#queuedBytes += raw.body.length;
    }
    this.#wake();
  }

  recover(): void {
    this.#behind = true;
    this.#missed = true;
    this.#wake();
  }

  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endWait();
    await this.idle();
  }

  #wake(): void {
    if (this.#running !== undefined || this.#stopped) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#queue.length > 0 || this.#behind) this.#wake();
    });
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped) {
      try {
        const batch = await this.#nextBatch();
        if (batch === undefined) return;
        await this.#settle(batch);
        failures = 0;
        this.#careful = false;
      } catch (error) {
        if (isCounterpointError(error, 'events.store_closed')) {
          this.#stopped = true;
          return;
        }
        failures += 1;
        if (!isCounterpointError(error)) await this.#suspectDefect(error, failures);
        await this.#retryLater(error, failures);
      }
    }
  }

  /** A defect must not hold up what comes after: the raw input that shows it again and again is set aside, with the reason. */
  async #suspectDefect(defect: unknown, failures: number): Promise<void> {
    const raw = this.#suspect;
    if (this.#careful && raw !== undefined && failures >= MAX_DEFECTS) {
      const { store, clock, onRetry } = this.#options;
      const reason = `it could not be processed: ${defect instanceof Error ? defect.message : String(defect)}`;
      const unreadable = [{ raw, code: 'core.internal', reason }];
      const rows = rawWrites({ items: [], done: [], empty: [], unreadable }, clock.now());
      await store.commit({ rows }).catch(onRetry);
    }
    this.#careful = true;
  }

  /** Everything in memory is durable too: it is let go and read again, without what is decided by then. */
  async #retryLater(error: unknown, failures: number): Promise<void> {
    const { clock, onRetry } = this.#options;
    onRetry(error);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#open = undefined;
    this.#behind = true;
    this.#missed = true;
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      this.#endWait = resolve;
      clock.after(backoffDelay(RETRY, failures), resolve);
    });
  }

  async #nextBatch(): Promise<Batch | undefined> {
    const { store, reader } = this.#options;
    const batch: Batch = { items: [], done: [], empty: [], unreadable: [] };
    const maxRaws = this.#careful ? 1 : BATCH_ITEMS;
    while (batch.items.length < BATCH_ITEMS && batch.done.length + batch.unreadable.length < maxRaws) {
      if (this.#open === undefined) {
        const waiting = this.#queue.shift();
        if (waiting !== undefined) {
          this.#queuedBytes -= waiting.raw.body.length;
          this.#suspect = waiting.raw;
          const opened = await openRaw(store, waiting, reader);
          if ('items' in opened) this.#open = opened;
          else batch.unreadable.push(opened);
          continue;
        }
        // The store would show what this batch holds as still to be done.
        if (batch.items.length + batch.done.length + batch.unreadable.length > 0) return batch;
        if (!(await this.#refill())) return undefined;
        continue;
      }
      const count = BATCH_ITEMS - batch.items.length;
      batch.items.push(...(await takeItems(this.#open, count, reader.noise, this.#giveWay)));
      if (this.#open.next >= this.#open.items.length) {
        batch.done.push(this.#open.raw);
        if (this.#open.items.length === 0) batch.empty.push(this.#open.raw);
        this.#open = undefined;
      }
    }
    return batch;
  }

  /** Reads on from the store; false when nothing is left there. */
  async #refill(): Promise<boolean> {
    if (!this.#behind) return false;
    this.#missed = false;
    const rows = await this.#options.store.find('raw_inputs', {
      where: { state: 'received' },
      orderBy: [{ column: 'received_at' }],
      limit: REFILL_ROWS,
    });
    this.#queue.push(...rows.map((raw) => ({ raw, source: undefined })));
    this.#queuedBytes += rows.reduce((sum, { body }) => sum + body.length, 0);
    if (rows.length === 0 && !this.#missed) this.#behind = false;
    return this.#behind;
  }

  async #settle(batch: Batch): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const standing = await standingOf(store, batch.items);
    const used = new Set(batch.items.map(({ normalizer }) => normalizer));
    const fresh = [...used].filter(({ version }) => !this.#kept.has(version));
    const rows = [...fresh.map((normalizer) => versionWrite(normalizer, now)), ...rawWrites(batch, now)];
    await store.commit(mergeChanges(decide(batch.items, standing, now), { rows }));
    for (const { version } of fresh) this.#kept.add(version);
  }
}

async function standingOf(store: Store, items: readonly PendingItem[]): Promise<Standing> {
  const windowIds = [...new Set(items.flatMap(windowsOf))];
  const windows = new Map<string, DedupWindowRow>();
  const alerts = new Map<string, AlertRow>();
  if (windowIds.length === 0) return { windows, alerts };
  const rows = await store.find('dedup_windows', { where: { id: { in: windowIds } }, limit: windowIds.length });
  for (const row of rows) windows.set(row.id, row);
  const alertIds = [...new Set(rows.map(({ alert }) => alert))];
  if (alertIds.length === 0) return { windows, alerts };
  for (const row of await store.find('alerts', { where: { id: { in: alertIds } }, limit: alertIds.length })) {
    alerts.set(row.id, row);
  }
  return { windows, alerts };
}

function versionWrite({ id: normalizer, version: id, text }: PendingItem['normalizer'], now: number): RowWrite {
  return { op: 'ensure', table: 'normalizer_versions', row: { id, normalizer, text, created_at: now } };
}

function rawWrites(batch: Batch, now: number): readonly RowWrite[] {
  const ended = (row: RawInputRow): RowWrite => ({
    op: 'update',
    table: 'raw_inputs',
    row: { ...row, rev: row.rev + 1 },
  });
  return [
    ...batch.done.map((raw) => ended({ ...raw, state: 'processed' })),
    // What it says is said too, so that the account of the source is whole.
    ...batch.empty.map((raw): RowWrite => {
      const row = decisionOn(raw, 0, 'suppressed', 'it holds no items', now);
      return { op: 'ensure', table: 'ingest_decisions', row };
    }),
    ...batch.unreadable.flatMap(({ raw, code, reason }): RowWrite[] => [
      ended({ ...raw, state: 'refused', error: { code, reason } }),
      { op: 'ensure', table: 'ingest_decisions', row: decisionOn(raw, 0, 'refused', reason, now) },
    ]),
  ];
}
