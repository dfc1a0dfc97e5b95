import { describe, expect, it } from 'vitest';
import { engagedFirst, switchWords } from './switch-words.ts';

describe('the words for kill switches', () => {
  it('say what stops and what goes on, for each kind', () => {
    expect(switchWords('global').goesOn.join(' ')).toContain('Undoing');
    expect(switchWords('undo').stops.join(' ')).toContain('stays blocked');
    expect(switchWords('connector:fortigate', 'FortiGate').stopped).toBe('No new change starts in FortiGate');
    expect(switchWords('connector:gone').name).toBe('gone');
  });

  it('put first what stops most, and leave out what is released', () => {
    const one = (id: string, engaged = true, at = 1) => ({ id, engaged, at });
    const engaged = engagedFirst([
      one('connector:a', true, 1),
      one('connector:b', true, 2),
      one('undo'),
      one('global'),
      one('connector:c', false),
    ]);
    expect(engaged.map(({ id }) => id)).toEqual(['global', 'undo', 'connector:b', 'connector:a']);
  });
});
