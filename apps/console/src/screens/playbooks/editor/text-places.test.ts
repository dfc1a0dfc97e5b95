import { describe, expect, test } from 'vitest';
import { anOutline, aSlot, aStep } from '../../../canvas/testing/outlines.ts';
import { applyChoices } from '../merge/merge-choices.ts';
import { type CopyPlace, forgetCopy, keepCopy, readCopy } from './local-copy.ts';
import { stepAt } from './step-at.ts';

describe('the step at a place of the text', () => {
  const inner = aStep('loop.inner', { from: 30, to: 50 });
  const loop = aStep('loop', { kind: 'foreach', from: 20, to: 60, slots: [aSlot('do', [inner])] });
  const outline = anOutline([aStep('first', { from: 0, to: 15 }), loop]);

  test.each([
    [0, 'first'],
    [15, 'first'],
    [17, undefined],
    [25, 'loop'],
    [40, 'loop.inner'],
    [55, 'loop'],
    [99, undefined],
  ])('at %d it is %s', (offset, address) => {
    expect(stepAt(outline, offset)?.address).toBe(address);
  });
});

describe('bringing two changes together', () => {
  const merge = {
    merged: 'a\nMINE\nb\nMINE2\nc\n',
    conflicts: [
      { from: 2, to: 7, base: 'base\n', mine: 'MINE\n', theirs: 'THEIRS IS LONGER\n' },
      { from: 9, to: 15, base: 'base2\n', mine: 'MINE2\n', theirs: '' },
    ],
  };

  test.each([
    [[], 'a\nMINE\nb\nMINE2\nc\n'],
    [['theirs', 'mine'], 'a\nTHEIRS IS LONGER\nb\nMINE2\nc\n'],
    [['theirs', 'theirs'], 'a\nTHEIRS IS LONGER\nb\nc\n'],
    [['both', undefined], 'a\nMINE\nTHEIRS IS LONGER\nb\nMINE2\nc\n'],
  ] as const)('%j gives %j', (choices, text) => {
    expect(applyChoices(merge, choices)).toBe(text);
  });
});

describe('the copy in the browser', () => {
  function place(full = false): CopyPlace {
    const kept = new Map<string, string>();
    return {
      read: (name) => kept.get(name) ?? null,
      write(name, text) {
        if (!full) kept.set(name, text);
        return !full;
      },
    };
  }
  const copy = { text: 'new', rev: 2, base: 'old', tests: [], at: 1 };

  test('is found again until it is forgotten', () => {
    const here = place();
    expect(keepCopy(here, 'phishing', copy)).toBe(true);
    expect(readCopy(here, 'phishing')).toEqual(copy);
    expect(readCopy(here, 'other')).toBeUndefined();
    forgetCopy(here, 'phishing');
    expect(readCopy(here, 'phishing')).toBeUndefined();
  });

  test('says when there was no room', () => {
    expect(keepCopy(place(true), 'phishing', copy)).toBe(false);
  });

  test.each(['', '{', '[]', '{"text":1}', 'null'])('does not trip over %j', (stored) => {
    const here = place();
    here.write('playbook:phishing', stored);
    expect(readCopy(here, 'phishing')).toBeUndefined();
  });
});
