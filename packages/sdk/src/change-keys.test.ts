import { CounterpointError } from '@counterpoint/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ChangeKeys, createChangeKeys } from './change-keys.ts';
import { errors } from './errors.ts';

let now: number;
let keys: ChangeKeys;
beforeEach(() => {
  now = 0;
  keys = createChangeKeys(() => now);
});

const served = (status: number, retryable = false) =>
  new CounterpointError('api.some', { status, message: 'It did not work.', help: 'Look.', retryable }, {}, {});

describe('the key of a change', () => {
  it('is another for each change, and for the same one after its answer', () => {
    const first = keys.keyFor('a');
    expect(keys.keyFor('b')).not.toBe(first);
    keys.answered('a');
    expect(keys.keyFor('a')).not.toBe(first);
  });

  it.each([
    ['the network was gone', errors.unreachable({ url: 'x', reason: 'gone' })],
    ['a proxy answered', errors.bad_answer({ url: 'x', reason: 'html' })],
    ['it is under way', served(409, true)],
    ['the session had ended', served(401)],
    ['the page had no proof', served(403)],
    ['nobody knows what', new TypeError('terminated')],
  ])('stays the same while nobody knows what came of it: %s', (_what, error) => {
    const first = keys.keyFor('a');
    keys.failed('a', error);
    expect(keys.keyFor('a')).toBe(first);
  });

  it('is another after the server refused it', () => {
    const first = keys.keyFor('a');
    keys.failed('a', served(422));
    expect(keys.keyFor('a')).not.toBe(first);
  });

  it('is forgotten after a while, and where there are too many', () => {
    const first = keys.keyFor('a');
    now = 10 * 60_000;
    const later = keys.keyFor('a');
    expect(later).not.toBe(first);
    for (let n = 0; n < 50; n += 1) keys.keyFor(`other ${n}`);
    expect(keys.keyFor('a')).not.toBe(later);
  });
});
