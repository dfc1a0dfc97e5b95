import { describe, expect, it } from 'vitest';
import { createMailbox } from './mailbox.ts';

const open = () => new AbortController().signal;

describe('a mailbox', () => {
  it('gives what is there at once, in order and at most as many as asked for', async () => {
    const box = createMailbox<number>();
    for (const item of [1, 2, 3]) box.push(item);
    expect(await box.next(2, open())).toEqual([1, 2]);
    expect(await box.next(2, open())).toEqual([3]);
  });

  it('lets those who wait have one after the other', async () => {
    const box = createMailbox<number>();
    const both = [box.next(5, open()), box.next(5, open())];
    box.push(1);
    box.push(2);
    expect(await Promise.all(both)).toEqual([[1], [2]]);
  });

  it('gives nothing to somebody who left, and loses nothing by it', async () => {
    const box = createMailbox<number>();
    const leaving = new AbortController();
    const left = box.next(1, leaving.signal);
    const stays = box.next(1, open());
    leaving.abort();
    box.push(1);
    expect(await left).toEqual([]);
    expect(await stays).toEqual([1]);
    box.push(2);
    expect(await box.next(1, leaving.signal)).toEqual([]);
    expect(box.size).toBe(1);
  });

  it('puts back in front what was not used', async () => {
    const box = createMailbox<number>();
    for (const item of [1, 2, 3]) box.push(item);
    box.putBack(await box.next(2, open()));
    expect(await box.next(9, open())).toEqual([1, 2, 3]);
  });

  it('removes only what is still there', () => {
    const box = createMailbox<number>();
    box.push(1);
    expect([box.remove(1), box.remove(1)]).toEqual([true, false]);
    expect(box.empty()).toEqual([]);
  });
});
