import type { ConsumerStanding, DeliveryRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCaughtUp } from './caught-up.ts';
import { createRetractionWorld, type RetractionWorld } from './testing/world.ts';

let world: RetractionWorld;
let event: string;
let last: number;
const positions = new Map<string, number>();

beforeEach(async () => {
  world = await createRetractionWorld(createMemoryStore());
  event = (await world.event('verdict.ip.v1', 'sandbox', {})).id;
  last = 0;
  positions.clear();
});

const standing = ([name, position]: readonly [string, number]): ConsumerStanding => ({
  ...{ name, position, topics: ['>'], behind: 0, retrying: 0, dead: 0 },
});

/** Looks at once again, and lets `then` happen after the first look. */
function caughtUp(then: () => Promise<void> | void = () => {}): Promise<boolean> {
  const clock = { after: (_millis: number, run: () => void) => void Promise.resolve(then()).then(run) };
  const eventLog = {
    bounds: async () => ({ first: 1, last }),
    standings: async () => [...positions].map(standing),
  };
  return createCaughtUp({ store: world.store, clock, eventLog, consumers: ['reactions', 'triggers'] })([event]);
}

async function delivered(position: number): Promise<void> {
  const row = await world.store.get('outbox', event);
  if (!row) throw new Error('no event');
  const after = { ...row, state: 'delivered', position, rev: row.rev + 1 } as const;
  await world.store.commit({ rows: [{ op: 'update', table: 'outbox', row: after }] });
  last = position;
}

describe('those who react', () => {
  it('have caught up once the event is in the log and each has come as far', async () => {
    positions.set('reactions', 6).set('triggers', 7).set('participant:slow', 0);
    let looks = 0;
    const settled = caughtUp(async () => {
      looks += 1;
      if (looks === 2) await delivered(7);
      if (looks === 4) positions.set('reactions', 7);
    });
    expect(await settled).toBe(true);
    expect(looks).toBeGreaterThanOrEqual(4);
  });

  it('have not while one is behind, or the event is not in the log', async () => {
    expect(await caughtUp()).toBe(false);
    await delivered(7);
    positions.set('reactions', 6);
    expect(await caughtUp()).toBe(false);
  });

  it('have not while one tries the event again; a dead one is waited for by nobody', async () => {
    await delivered(7);
    positions.set('reactions', 9);
    const row: DeliveryRow = {
      ...{ id: 'd', consumer: 'reactions', event, topic: 'verdict.ip.v1', subject: 's', position: 7 },
      ...{ state: 'retry', attempts: 1, next_at: 0, error: 'e', at: 0 },
    };
    await world.store.commit({ rows: [{ op: 'put', table: 'deliveries', row }] });
    expect(await caughtUp()).toBe(false);
    await world.store.commit({ rows: [{ op: 'put', table: 'deliveries', row: { ...row, state: 'dead' } }] });
    expect(await caughtUp()).toBe(true);
  });
});
