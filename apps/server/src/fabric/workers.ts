import { noticesOf, type StreamNotice } from '@counterpoint/api';
import { createNatsProcessCalls, createNatsProcessNotices, createNatsWorkQueue } from '@counterpoint/bus';
import { type Json, newId } from '@counterpoint/core';
import type { ProcessCalls, ProcessNotices, WorkQueue } from '@counterpoint/events';
import type { Foundations } from '../foundations.ts';
import { rolesOf } from '../roles.ts';
import { WATCHED } from '../watch-others.ts';

/** This process among those that share the store. */
export interface Workers {
  /** Names this process. */
  readonly id: string;
  /** What the others are reached by; undefined: there are none, or no NATS to reach them. */
  readonly others:
    | { readonly queue: WorkQueue; readonly notices: ProcessNotices; readonly calls: ProcessCalls }
    | undefined;
  /** Hears what the others committed, as far as a server-sent event tells of it. Gives the way to stop. */
  hear(listener: (notice: StreamNotice) => void): () => void;
  /** Is told which tables others changed, of those that every process keeps in memory. Gives the way to stop. */
  hearOfRows(listener: (tables: readonly string[]) => void): () => void;
  /** Is told when others committed events, which wait in the outbox now. Gives the way to stop. */
  hearOfEvents(listener: () => void): () => void;
  close(): Promise<void>;
}

/** What processes tell each other for those who listen to server-sent events. */
const STREAM = 'stream';
/** That there are events in the outbox. */
const EVENTS = 'events';
/** That rows changed which every process keeps in memory. */
const ROWS = 'rows';
const KEPT: ReadonlySet<string> = new Set(WATCHED);

/** Meets the other processes: over NATS where there are any and it is there, else only in the store. */
export function openWorkers({ store, config, bus }: Foundations): Workers {
  const id = newId();
  if (!bus || rolesOf(config).alone) {
    const nothing = () => () => undefined;
    const silence = { hear: nothing, hearOfRows: nothing, hearOfEvents: nothing };
    return { id, others: undefined, ...silence, close: async () => undefined };
  }
  const notices = createNatsProcessNotices(bus, { process: id });
  const queue = createNatsWorkQueue(bus, { replicas: config['bus.replicas'] });
  const stop = store.onCommitted((change) => {
    for (const notice of noticesOf(change)) notices.tell(STREAM, notice as unknown as Json);
    if (change.events?.length) notices.tell(EVENTS, change.events.length);
    const tables = new Set(change.rows?.map(({ table }) => table as string).filter((table) => KEPT.has(table)));
    if (tables.size > 0) notices.tell(ROWS, [...tables]);
  });
  return {
    id,
    others: { queue, notices, calls: createNatsProcessCalls(bus) },
    hear: (listener) => notices.hear(STREAM, (data) => listener(data as unknown as StreamNotice)),
    hearOfRows: (listener) => notices.hear(ROWS, (tables) => listener(tables as readonly string[])),
    hearOfEvents: (listener) => notices.hear(EVENTS, listener),
    async close() {
      stop();
      await notices.stop();
    },
  };
}
