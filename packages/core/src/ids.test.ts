import { describe, expect, it } from 'vitest';
import { newId, newSecret, newTraceId, stableId } from './ids.ts';

/** The milliseconds that an id carries. */
const millisOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe('newId', () => {
  it('is a UUIDv7 that carries its milliseconds', () => {
    // Ids only grow: another test of this process may have asked for one of a later time.
    const now = millisOf(newId()) + 10_000;
    const id = newId(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(millisOf(id)).toBe(now);
  });

  it('increases, also within one millisecond and when the clock steps back', () => {
    const base = Date.now() + 20_000;
    const ids = Array.from({ length: 10_000 }, (_, index) => newId(base - (index % 3)));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('stableId', () => {
  it('depends on every part and on where parts begin', () => {
    expect(stableId('a', 'b')).toBe(stableId('a', 'b'));
    expect(stableId('a', 'b')).not.toBe(stableId('ab'));
    expect(stableId('a', 'bc')).not.toBe(stableId('ab', 'c'));
  });
});

describe('newTraceId and newSecret', () => {
  it('give 32 hex digits and 256 random bits', () => {
    expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
    expect(newTraceId(1_767_225_600_000).slice(0, 12)).toBe('019b76daa800');
    expect(newTraceId(5)).not.toBe(newTraceId(5));
    expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });
});
