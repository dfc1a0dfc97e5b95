import { describe, expect, it } from 'vitest';
import { placeOf } from './references.ts';

describe('a reference', () => {
  it.each([
    ['alert:01A', '/alerts/01A'],
    ['run:01B/verdicts[3].rep', '/runs/01B?step=verdicts%5B3%5D.rep'],
    ['effect:01C', '/effects/01C'],
    ['event:01D', '/trace/event%3A01D'],
    ['participant:edge/1', '/fabric/participants/edge%2F1'],
  ])('%s leads to %s', (ref, path) => {
    expect(placeOf(ref).path).toBe(path);
  });

  it('of something without a screen leads nowhere', () => {
    expect(placeOf('user:01E')).toEqual({ kind: 'user', id: '01E', path: undefined });
    expect(placeOf('203.0.113.66').path).toBeUndefined();
  });
});
