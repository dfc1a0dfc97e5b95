import { manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { errors } from '../errors.ts';
import { createRefusals, refusedSince } from './refusals.ts';

const MINUTE = 60_000;
const denied = errors.publish_denied({ participant: 'sandbox', topic: 'a.v1', reason: 'it has no right to' });

describe('refusals', () => {
  it('are counted over a time, by whichever process, also after a restart', async () => {
    const clock = manualClock(1_000_000_000_000);
    const store = createMemoryStore();
    const refuse = async (...participants: readonly string[]) => {
      const refusals = createRefusals(store, clock);
      for (const participant of participants) refusals.note(participant, 'publish', 'a.v1', denied);
      await refusals.flush();
    };
    await refuse('sandbox', 'sandbox', 'proxy');
    await clock.advance(40 * MINUTE);
    await refuse('sandbox');
    const over = async (minutes: number) => [
      ...(await refusedSince(store, ['sandbox', 'proxy', 'quiet'], clock.now() - minutes * MINUTE)),
    ];
    expect(await over(60)).toEqual([
      ['sandbox', 3],
      ['proxy', 1],
    ]);
    expect(await over(15)).toEqual([
      ['sandbox', 1],
      ['proxy', 0],
    ]);
    expect(await refusedSince(store, [], 0)).toEqual(new Map());
  });
});
