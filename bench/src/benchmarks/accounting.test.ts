import { describe, expect, it } from 'vitest';
import { decided, differences } from './accounting.ts';

const expected = { created: 7, merged: 2, duplicate: 1 };
const account = { ...expected, suppressed: 0, refused: 0 };
const totals = { alerts: 7, seen: 9 };

describe('differences', () => {
  it('finds none when everything is as specified', () => expect(differences(expected, account, totals)).toEqual([]));

  it.each([
    [{ created: 6 }, {}, 'created: 6 instead of 7'],
    [{ created: 8, merged: 1 }, {}, 'created: 8 instead of 7, merged: 1 instead of 2'],
    [{ refused: 1 }, {}, 'refused: 1 instead of 0'],
    [{}, { alerts: 6, seen: 8 }, 'alerts: 6 instead of 7, times that alerts were seen: 8 instead of 9'],
  ])('names what differs: %o %o', (counts, sums, found) => {
    expect(differences(expected, { ...account, ...counts }, { ...totals, ...sums }).join(', ')).toBe(found);
  });
});

describe('decided', () => {
  it('counts every kind of decision', () => {
    expect(decided({ created: 1, merged: 2, duplicate: 4, suppressed: 8, refused: 16 })).toBe(31);
  });
});
