import { manualClock } from '@counterpoint/core';
import { newEvent, outboxRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { recallTraffic } from './recall-traffic.ts';
import { createTraffic } from './traffic.ts';

const MINUTE = 60_000;
const START = 1_000_000_000_000;
const causality = { principal: 'system', trace: '0'.repeat(32), cause: '', hop: 0 };

describe('traffic of before', () => {
  it('is what the log got in the last hour, whoever counted it then', async () => {
    const clock = manualClock(START);
    const store = createMemoryStore();
    const counted = createTraffic(clock);
    const publish = async (topic: string, participant: string, delivered = true) => {
      const event = { ...newEvent(topic, 's', {}, causality, clock.now()), participant };
      await store.commit({ events: [event] });
      if (!delivered) return;
      const row = { ...outboxRow(event), state: 'delivered' as const, rev: 2 };
      await store.commit({ rows: [{ op: 'update', table: 'outbox', row }] });
      counted.note(event);
    };
    await publish('old.v1', 'server');
    clock.advance(30 * MINUTE);
    await publish('a.v1', 'x');
    await publish('a.v1', 'y');
    clock.advance(35 * MINUTE);
    await publish('a.v1', 'x');
    await publish('waiting.v1', 'x', false);

    const recalled = createTraffic(clock);
    await recallTraffic(store, clock, recalled);
    for (const traffic of [counted, recalled]) {
      expect(traffic.topics()).toEqual(['a.v1']);
      expect([traffic.ofTopic('a.v1'), traffic.by('x'), traffic.by('y', 'a.v1')]).toEqual([3, 2, 1]);
    }
    clock.advance(30 * MINUTE);
    expect([counted.ofTopic('a.v1'), recalled.ofTopic('a.v1')]).toEqual([1, 1]);
  });
});
