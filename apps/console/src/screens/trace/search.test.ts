import type { TraceNode } from '@counterpoint/contracts';
import { describe, expect, it } from 'vitest';
import { findIn, itemOf, wordsOf } from './search.ts';
import { linesOf } from './tree.ts';

const node = (ref: string, words: string, ...children: TraceNode[]): TraceNode => ({
  ...{ ref, kind: ref.slice(0, ref.indexOf(':')), title: '', words, because: '', status: '', at: 0 },
  ...{ until: null, simulated: false, detail: null, children, more: 0 },
});
const story = [
  node(
    'alert:a',
    'Brute force',
    node('run:r', 'Playbook ran', node('run:r/each[7].block', 'Banned 203.0.113.9'), node('run:r/tell', 'Told people')),
  ),
  node('case:c', 'A case'),
];
const found = (text: string) => {
  const { roots, count } = findIn(story, wordsOf(text));
  return [count, linesOf(roots, new Set()).map(({ node: { ref } }) => ref)];
};

describe('looking for words in a story', () => {
  it('leaves the lines that say all of them, and what leads there', () => {
    expect(found('banned 203.0.113[.]9')).toEqual([1, ['alert:a', 'run:r', 'run:r/each[7].block']]);
    expect(found('BRUTE')).toEqual([1, ['alert:a']]);
    expect(found('item 8')).toEqual([1, ['alert:a', 'run:r', 'run:r/each[7].block']]);
  });

  it('finds nothing where nothing says it', () => {
    expect(found('banned people')).toEqual([0, []]);
  });
});

describe('the item of a loop', () => {
  it.each([
    ['run:r/tell', ''],
    ['run:r/each[0].block', 'item 1'],
    ['run:r/each[1].deep[2].block', 'item 2.3'],
  ])('%s is %s', (ref, words) => expect(itemOf(ref)).toBe(words));
});
