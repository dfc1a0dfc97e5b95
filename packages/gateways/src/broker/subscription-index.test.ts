import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSubscriptionIndex } from './subscription-index.ts';

/** MQTT 3.1.1 section 4.7, read off as simply as possible. */
function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  const wanted = filter.split('/');
  const words = topic.split('/');
  for (const [index, word] of wanted.entries()) {
    if (word === '#') return true;
    if (index >= words.length || (word !== '+' && word !== words[index])) return false;
  }
  return wanted.length === words.length;
}

const word = fc.constantFrom('', 'a', 'b', '$c');
const topics = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
const filters = fc
  .tuple(fc.array(fc.oneof(word, fc.constant('+')), { maxLength: 3 }), fc.constantFrom('', 'a', '#', '+'))
  .map(([words, last]) => [...words, last].join('/'));

describe('subscription index', () => {
  test('finds exactly who subscribed, each once with the highest quality of service, also after removals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ filter: filters, who: fc.constantFrom(1, 2, 3), quality: fc.constantFrom(0, 1, 2) })),
        fc.array(fc.nat()),
        topics,
        (added, removed, topic) => {
          const index = createSubscriptionIndex<number>();
          const model = new Map<string, 0 | 1 | 2>();
          for (const { filter, who, quality } of added) {
            index.add(filter, who, quality as 0 | 1 | 2);
            model.set(`${who} ${filter}`, quality as 0 | 1 | 2);
          }
          for (const position of removed) {
            const gone = added[position % Math.max(1, added.length)];
            if (!gone) continue;
            index.remove(gone.filter, gone.who);
            model.delete(`${gone.who} ${gone.filter}`);
          }
          const expected = new Map<number, number>();
          for (const [key, quality] of model) {
            const who = Number(key.slice(0, 1));
            if (matches(key.slice(2), topic)) expected.set(who, Math.max(quality, expected.get(who) ?? 0));
          }
          expect(new Map(index.match(topic))).toEqual(expected);
        },
      ),
    );
  });

  test('counts subscriptions with exactly one filter', () => {
    const index = createSubscriptionIndex<string>();
    index.add('/a/#', 'one', 0);
    index.add('/a/#', 'two', 0);
    index.add('/a/b', 'one', 0);
    index.remove('/a/#', 'two');
    expect([index.count('/a/#'), index.count('/a/b'), index.count('/a')]).toEqual([1, 1, 0]);
  });
});
