import { describe, expect, it } from 'vitest';
import { accountOf } from './account.ts';

const counts = { received: 10, created: 3, merged: 4, duplicate: 1, suppressed: 1, refused: 1 };

describe('the account of a source', () => {
  it('is an equation whose terms are shares of what came in', () => {
    const { total, terms, addsUp } = accountOf(counts);
    expect([total, addsUp]).toEqual([10, true]);
    expect(terms.map(({ words }) => words)).toEqual([
      '3 alerts',
      '4 merged',
      '1 duplicate',
      '1 suppressed',
      '1 refused',
    ]);
    expect(terms.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('does not add up when a term is off, or when a delivery is missing', () => {
    expect(accountOf({ ...counts, received: 11 }).addsUp).toBe(false);
    expect(accountOf(counts, 1).addsUp).toBe(false);
  });

  it('of nothing is nothing', () => {
    const nothing = { received: 0, created: 0, merged: 0, duplicate: 0, suppressed: 0, refused: 0 };
    expect(accountOf(nothing)).toMatchObject({ total: 0, addsUp: true });
  });
});
