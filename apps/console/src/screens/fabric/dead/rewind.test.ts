import { describe, expect, it } from 'vitest';
import { rewindTo } from './rewind.ts';

describe('where a consumer goes on', () => {
  it('is some time ago or behind a position', () => {
    expect(rewindTo('time', ' 30m ', 10_000_000)).toEqual({ time: 8_200_000 });
    expect(rewindTo('time', '2 d', 1)).toEqual({ time: 0 });
    expect(rewindTo('position', '1200', 0)).toEqual({ after: 1200 });
  });

  it('is told to be wrong rather than guessed', () => {
    for (const text of ['', 'h', '-1h', '1w', '1.5h', '99999999999h'])
      expect(rewindTo('time', text, 0)).toHaveProperty('problem');
    for (const text of ['', '-1', '1e3', '99999999999999999999'])
      expect(rewindTo('position', text, 0)).toHaveProperty('problem');
  });
});
