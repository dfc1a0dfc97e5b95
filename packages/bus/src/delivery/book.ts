import type { Clock } from '@counterpoint/core';
import {
  type ConsumerRow,
  type ConsumerStanding,
  type DeliveryRow,
  type EventConsumer,
  eventErrors,
  type RowWrite,
  type Store,
} from '@counterpoint/events';
import type { OpenConsumption } from './consumption.ts';

const PAGE = 500;

/** What is known of the consumers of a log, whatever it is kept in: their rows, and which are at work in this process. */
export interface ConsumerBook {
  /** The row of a consumer; one that the log does not know yet is written at once, so that its start is remembered. */
  enter(consumer: EventConsumer, start: () => Promise<number>): Promise<ConsumerRow>;
  /** Remembers that a consumer is at work here, until it stops. @throws events.consumer_at_work */
  open(name: string, begin: () => Promise<OpenConsumption>): Promise<OpenConsumption>;
  standings(last: number): Promise<readonly ConsumerStanding[]>;
  /** @throws events.consumer_at_work */
  rewind(name: string, position: number): Promise<void>;
  /** @throws events.consumer_at_work */
  forget(name: string): Promise<void>;
  /** @throws events.delivery_unknown */
  redeliver(delivery: string): Promise<void>;
  /** Stops what is at work. */
  close(): Promise<void>;
}

/** Makes the {@link ConsumerBook} of a store. */
export function createConsumerBook(store: Store, clock: Clock): ConsumerBook {
  const atWork = new Map<string, OpenConsumption | undefined>();
  const mustRest = (name: string) => {
    if (atWork.has(name)) throw eventErrors.consumer_at_work({ consumer: name });
  };
  return {
    async enter({ name, topics }, start) {
      const known = await store.get('consumers', name);
      if (known) return known;
      const row: ConsumerRow = { id: name, topics, position: await start(), updated_at: clock.now() };
      await store.commit({ rows: [{ op: 'ensure', table: 'consumers', row }] });
      return (await store.get('consumers', name)) ?? row;
    },
    async open(name, begin) {
      mustRest(name);
      atWork.set(name, undefined);
      try {
        const consumption = await begin();
        const opened: OpenConsumption = {
          ...consumption,
          stop: () => consumption.stop().finally(() => atWork.delete(name)),
        };
        atWork.set(name, opened);
        return opened;
      } catch (error) {
        atWork.delete(name);
        throw error;
      }
    },
    async standings(last) {
      await Promise.all([...atWork.values()].map((consumption) => consumption?.refresh()));
      const rows = await store.find('consumers', { limit: 10_000 });
      return Promise.all(rows.map((row) => standing(store, row, atWork.get(row.id)?.position() ?? row.position, last)));
    },
    async rewind(name, position) {
      mustRest(name);
      const row = await store.get('consumers', name);
      if (!row) return;
      await store.commit({
        rows: [{ op: 'put', table: 'consumers', row: { ...row, position, updated_at: clock.now() } }],
      });
      await removeDeliveries(store, name, ['retry', 'behind']);
    },
    async forget(name) {
      mustRest(name);
      await removeDeliveries(store, name, ['retry', 'behind', 'dead']);
      await store.commit({ rows: [{ op: 'delete', table: 'consumers', id: name }] });
    },
    async redeliver(delivery) {
      const row = await store.get('deliveries', delivery);
      if (row?.state !== 'dead') throw eventErrors.delivery_unknown({ delivery });
      const again: DeliveryRow = { ...row, state: 'retry', next_at: clock.now() };
      await store.commit({ rows: [{ op: 'put', table: 'deliveries', row: again }] });
      atWork.get(row.consumer)?.nudge(row.subject);
    },
    async close() {
      for (const consumption of atWork.values()) await consumption?.stop();
    },
  };
}

async function standing(store: Store, row: ConsumerRow, position: number, last: number): Promise<ConsumerStanding> {
  const { id: consumer, topics } = row;
  const [retry, behind, dead] = await Promise.all(
    (['retry', 'behind', 'dead'] as const).map((state) => store.count('deliveries', { consumer, state })),
  );
  return {
    name: consumer,
    topics,
    position,
    behind: Math.max(last - position, 0),
    retrying: (retry ?? 0) + (behind ?? 0),
    dead: dead ?? 0,
  };
}

async function removeDeliveries(
  store: Store,
  consumer: string,
  states: readonly DeliveryRow['state'][],
): Promise<void> {
  for (const state of states) {
    for (;;) {
      const rows = await store.find('deliveries', { where: { consumer, state }, limit: PAGE });
      if (rows.length === 0) break;
      await store.commit({
        rows: rows.map(({ id }): RowWrite => ({ op: 'delete', table: 'deliveries', id })),
      });
    }
  }
}
