import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTexts } from './merge-texts.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));

describe('mergeTexts', () => {
  it('brings changes of different lines together', () => {
    const merged = mergeTexts('a\nb\nc\nd\n', 'A\nb\nc\nd\n', 'a\nb\nc\nD\n');
    expect(merged).toEqual({ text: 'A\nb\nc\nD\n', conflicts: [] });
  });

  it('says where both changed the same lines, and keeps mine there', () => {
    const { text: merged, conflicts } = mergeTexts('a\nb\nc\n', 'a\nmine\nc\n', 'a\ntheirs\nc\n');
    expect(merged).toBe('a\nmine\nc\n');
    expect(conflicts).toEqual([{ from: 2, to: 7, base: 'b\n', mine: 'mine\n', theirs: 'theirs\n' }]);
  });

  it('takes the same change of both as one', () => {
    expect(mergeTexts('a\nb\n', 'a\nx\n', 'a\nx\n')).toEqual({ text: 'a\nx\n', conflicts: [] });
  });

  it('keeps what only one side changed', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(mergeTexts(base, changed, base)).toEqual({ text: changed, conflicts: [] });
        expect(mergeTexts(base, base, changed)).toEqual({ text: changed, conflicts: [] });
      }),
    );
  });

  it('loses neither side where they collide', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const { text: merged, conflicts } = mergeTexts(base, mine, theirs);
        let at = 0;
        let other = '';
        for (const conflict of conflicts) {
          expect(merged.slice(conflict.from, conflict.to)).toBe(conflict.mine);
          other += merged.slice(at, conflict.from) + conflict.theirs;
          at = conflict.to;
        }
        const lines = (other + merged.slice(at)).split('\n');
        for (const line of theirs.split('\n').filter((one) => !base.includes(one))) expect(lines).toContain(line);
      }),
    );
  });

  it('answers at once for texts of one line over and over', () => {
    const same = '\n'.repeat(100_000);
    const { conflicts } = mergeTexts(same, `${same}mine\n`, `theirs\n${same}`);
    expect(conflicts).toHaveLength(1);
  });
});
