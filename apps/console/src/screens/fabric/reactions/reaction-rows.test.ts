import { describe, expect, it } from 'vitest';
import { agreementPercent, askedParts, observedParts, wouldLines } from './reaction-rows.ts';

const nothing = {
  ...{ version: 'v', number: 1, observed: { agreed: 0, disagreed: 0, not_done: 0, open: 0, nothing: 0 } },
  asked: { approved: 0, denied: 0, open: 0 },
};

describe('agreement', () => {
  it('is unknown while nothing is settled', () => {
    expect(agreementPercent({ ...nothing, observed: { ...nothing.observed, open: 4 } })).toBeUndefined();
    expect(observedParts(nothing)).toEqual([]);
    expect(askedParts(nothing)).toEqual([]);
  });

  it('counts what people did the same and what they approved, and never rounds up to all', () => {
    const observed = { ...nothing.observed, agreed: 197, disagreed: 1 };
    expect(agreementPercent({ ...nothing, observed, asked: { approved: 1, denied: 0, open: 3 } })).toBe(99);
    expect(observedParts({ ...nothing, observed }).map(({ count, tone }) => [count, tone])).toEqual([
      [197, 'good'],
      [1, 'bad'],
    ]);
  });
});

describe('what it would have done', () => {
  it('is told in a line for each step', () => {
    const would = [{ step: 'block', name: 'Block', connector: 'proxy', action: 'block_url', target: 'url:http://x' }];
    expect(wouldLines(would)).toEqual(['proxy.block_url · url:http://x']);
    expect(wouldLines([{ step: 'tell', name: '' }])).toEqual(['tell']);
  });

  it('is nothing where nothing of that shape is written down', () => {
    expect([wouldLines(null), wouldLines('x'), wouldLines([1, null, []])]).toEqual([[], [], []]);
  });
});
