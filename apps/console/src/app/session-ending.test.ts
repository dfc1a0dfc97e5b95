import { describe, expect, it } from 'vitest';
import { nearEnding } from './session-ending.ts';

const MINUTE = 60_000;
const session = { seen_at: 0, idle_ends_at: 60 * MINUTE, ends_at: 720 * MINUTE };

describe('the end of a session', () => {
  it('is told of when it is near, not before and not after', () => {
    expect(nearEnding(session, 59 * MINUTE - 1)).toBeUndefined();
    expect(nearEnding(session, 59 * MINUTE)).toEqual({ why: 'idle', at: 60 * MINUTE });
    expect(nearEnding(session, 60 * MINUTE)).toBeUndefined();
  });

  it('is not told of all the time where the limit is a minute', () => {
    const short = { ...session, idle_ends_at: MINUTE };
    expect(nearEnding(short, MINUTE / 2 - 1)).toBeUndefined();
    expect(nearEnding(short, MINUTE / 2)).toEqual({ why: 'idle', at: MINUTE });
  });

  it('that nothing puts off goes before the other', () => {
    const late = { seen_at: 659.5 * MINUTE, idle_ends_at: 719.5 * MINUTE, ends_at: 720 * MINUTE };
    expect(nearEnding(late, 719 * MINUTE)).toEqual({ why: 'absolute', at: 720 * MINUTE });
    expect(nearEnding(late, 715 * MINUTE - 1)).toBeUndefined();
  });
});
