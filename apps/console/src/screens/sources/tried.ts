import type { CallResult } from '@counterpoint/sdk';
import type { Tone } from '../../ui/states.ts';

/** How a text would be read. */
export type Report = CallResult<'tryIngest'>;
/** How one of its items would be read. */
export type Tried = Report['items'][number];

/** What would become of an item. */
export const OUTCOMES: Readonly<
  Record<
    Tried['outcome'],
    { readonly word: string; readonly many: string; readonly tone: Tone; readonly means: string }
  >
> = {
  finding: {
    word: 'finding',
    many: 'findings',
    tone: 'good',
    means: 'It becomes an alert, or is counted on one with the same key.',
  },
  repeated: {
    word: 'repeated',
    many: 'repeated',
    tone: 'calm',
    means: 'The same record stands before it: it counts as a duplicate.',
  },
  suppressed: {
    word: 'suppressed',
    many: 'suppressed',
    tone: 'calm',
    means: 'No alert by the rules of the normaliser.',
  },
  refused: {
    word: 'refused',
    many: 'refused',
    tone: 'bad',
    means: 'It cannot be read; the sender is not told, the reason is kept.',
  },
};

const ORDER = ['finding', 'repeated', 'suppressed', 'refused'] as const;

/** The result in a sentence: `wazuh reads 3 items: 2 findings, 1 suppressed`. */
export function summaryOf({ normalizer, total, counts, problem }: Report): string {
  if (problem) return `Nothing of it can be read: ${problem.reason}`;
  const parts = ORDER.filter((outcome) => counts[outcome] > 0).map((outcome) => {
    const { word, many } = OUTCOMES[outcome];
    return `${counts[outcome]} ${counts[outcome] === 1 ? word : many}`;
  });
  return `${normalizer ?? 'Nobody'} reads ${total} ${total === 1 ? 'item' : 'items'}: ${parts.join(', ')}`;
}
