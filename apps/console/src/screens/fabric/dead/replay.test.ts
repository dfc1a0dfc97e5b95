import { describe, expect, it } from 'vitest';
import { MOST_AT_ONCE, replayAll } from './replay.ts';

/** A server with so many dead letters, and what it was asked. */
function server(dead: number, page = 200) {
  const asked: object[] = [];
  let left = dead;
  const call = async (body: object) => {
    asked.push(body);
    const redelivered = Math.min(page, left);
    left -= redelivered;
    return { redelivered, left, until: 77 };
  };
  return { asked, call };
}

const wish = { consumer: 'reactions', reason: 'fixed' };

async function doneBy({ call }: ReturnType<typeof server>): Promise<number> {
  let done = -1;
  await replayAll(call, wish, (next) => {
    done = next;
  });
  return done;
}

describe('delivering all dead letters again', () => {
  it('goes page by page through those that were dead when it began', async () => {
    const some = server(450);
    expect(await doneBy(some)).toBe(450);
    expect(some.asked).toEqual([wish, { ...wish, until: 77 }, { ...wish, until: 77 }]);
  });

  it('ends where nothing moves any more, and at the most that one confirmation does', async () => {
    const stuck = { ...server(0), call: async () => ({ redelivered: 0, left: 5, until: 77 }) };
    expect(await doneBy(stuck)).toBe(0);
    expect(await doneBy(server(1_000_000))).toBe(MOST_AT_ONCE);
  });

  it('has told what was done when it fails', async () => {
    let calls = 0;
    const told: number[] = [];
    const failing = async () => {
      calls += 1;
      if (calls === 2) throw new Error('gone');
      return { redelivered: 200, left: 1, until: 77 };
    };
    await expect(replayAll(failing, wish, (done) => told.push(done))).rejects.toThrow('gone');
    expect(told).toEqual([200]);
  });
});
