import type { CallResult } from '@counterpoint/sdk';
import { useAction } from '../../app/use-api.ts';

type Finding = CallResult<'verifyEffects'>['items'][number]['finding'];

const FOUND: Readonly<Record<Finding, string>> = {
  in_force: 'in force, as the ledger has it',
  gone: 'not there any more',
  changed: 'there, but ends earlier than the ledger says',
  unclear: 'the product cannot tell',
  over: 'over already',
};

/** What reading back found, in one sentence. */
export function foundWords({ items }: CallResult<'verifyEffects'>): string {
  const [only] = items;
  if (items.length === 1 && only) return `${FOUND[only.finding]}${only.reason === '' ? '' : `: ${only.reason}`}`;
  const counts = Map.groupBy(items, ({ finding }) => finding);
  return [...counts].map(([finding, some]) => `${some.length} ${FOUND[finding]}`).join(' · ');
}

/** Reads changes back in their products, and says what was found. */
export function useVerify() {
  return useAction('verifyEffects', {
    done: (result) => `Read back: ${foundWords(result)}`,
    refresh: ['listEffects', 'countEffects', 'getEffect'],
  });
}
