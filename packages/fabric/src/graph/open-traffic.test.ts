import { manualClock } from '@counterpoint/core';
import { type EventEnvelope, type LoggedEvent, newEvent, outboxRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTraffic } from './open-traffic.ts';
import { createTraffic } from './traffic.ts';

const MINUTE = 60_000;
const START = 1_000_000_000_000;
const causality = { principal: 'system', trace: '0'.repeat(32), cause: '', hop: 0 };

let clock: ReturnType<typeof manualClock>;
let store: ReturnType<typeof createMemoryStore>;
let tell: (event: EventEnvelope) => void;
beforeEach(() => {
  clock = manualClock(START);
  store = createMemoryStore();
  tell = () => {};
});

/** Publishes an event, and tells it to whoever listens. */
async function publish(topic: string, participant: string, delivered = true, at = clock.now()) {
  const event = { ...newEvent(topic, 's', {}, causality, at), participant };
  await store.commit({ events: [event] });
  if (!delivered) return event;
  const row = { ...outboxRow(event), state: 'delivered' as const, rev: 2 };
  await store.commit({ rows: [{ op: 'update', table: 'outbox', row }] });
  tell(event);
  return event;
}

const open = (reader: Pick<typeof store, 'find' | 'tally'> = store, onError = (_error: unknown) => {}) =>
  openTraffic({
    ...{ store: reader, clock, onError },
    eventLog: {
      async tail(_topics, listener) {
        tell = (event) => listener({ position: 0, event } as LoggedEvent);
        return () => {
          tell = () => {};
        };
      },
    },
  });

describe('traffic of before', () => {
  it('is what the log got over each span, whoever counted it then', async () => {
    const counted = createTraffic(clock);
    const note = async (topic: string, participant: string) => counted.note(await publish(topic, participant));
    await note('gone.v1', 'server');
    await clock.advance(10 * 60 * MINUTE);
    await note('old.v1', 'server');
    await clock.advance(15 * 60 * MINUTE);
    await note('a.v1', 'x');
    await note('a.v1', 'y');
    await clock.advance(35 * MINUTE);
    await note('a.v1', 'x');
    await publish('waiting.v1', 'x', false);

    const recalled = await open();
    for (const over of [async (span: '15m' | '1h' | '24h') => counted.over(span), recalled.over]) {
      const [quarter, hour, day] = [await over('15m'), await over('1h'), await over('24h')];
      expect(hour.topics()).toEqual(['a.v1']);
      expect([hour.ofTopic('a.v1'), hour.by('x'), hour.by('y', 'a.v1')]).toEqual([3, 2, 1]);
      expect([quarter.ofTopic('a.v1'), day.topics()]).toEqual([1, ['a.v1', 'old.v1']]);
    }
    await clock.advance(30 * MINUTE);
    expect((await recalled.over('1h')).ofTopic('a.v1')).toBe(1);
  });

  it('counts an old event that comes while it is read once', async () => {
    await publish('a.v1', 'x');
    await clock.advance(3 * 60 * MINUTE);
    const traffic = await open();
    await publish('a.v1', 'x', true, START + MINUTE);
    await publish('a.v1', 'x', true, START + 2 * 60 * MINUTE + 30 * MINUTE);
    expect((await traffic.over('24h')).ofTopic('a.v1')).toBe(3);
    await publish('a.v1', 'x', true, START + MINUTE);
    expect((await traffic.over('24h')).ofTopic('a.v1')).toBe(4);
    traffic.stop();
    await publish('a.v1', 'x');
    expect((await traffic.over('24h')).ofTopic('a.v1')).toBe(4);
  });

  it('is read again where the store failed', async () => {
    await publish('a.v1', 'x');
    await clock.advance(3 * 60 * MINUTE);
    const failures: unknown[] = [];
    let broken = true;
    const tally: typeof store.tally = async (...of) => {
      if (broken && failures.length === 0 && clock.now() - Number(START) > 0) {
        const { where } = of[1] as { where?: { next_at?: { gte: number } } };
        if ((where?.next_at?.gte ?? 0) < clock.now() - 61 * MINUTE) throw new Error('no store');
      }
      return store.tally(...of);
    };
    const traffic = await open({ find: store.find, tally }, (error) => void failures.push(error));
    await expect(traffic.over('24h')).rejects.toThrow('no store');
    broken = false;
    expect((await traffic.over('24h')).ofTopic('a.v1')).toBe(1);
    expect(failures).toHaveLength(1);
  });
});
