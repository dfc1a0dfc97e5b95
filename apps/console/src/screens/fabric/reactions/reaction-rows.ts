import type { CallResult } from '@counterpoint/sdk';

/** A reaction as the list tells it. */
export type ListedReaction = CallResult<'listReactions'>['items'][number];

/** What became of an event at a reaction. */
export type ReactionEvent = CallResult<'listReactionEvents'>['items'][number];

/** How far people agree with a version of a reaction. */
export type Agreement = CallResult<'getReaction'>['agreement'][number];

/** One part of a bar: how many, in which tone, in words. */
export interface BarPart {
  readonly count: number;
  readonly words: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'calm';
}

function partsOf(parts: readonly BarPart[]): readonly BarPart[] {
  return parts.filter(({ count }) => count > 0);
}

/** What people did about what a version only observed, as parts of a bar; none where it observed nothing. */
export function observedParts({ observed }: Agreement): readonly BarPart[] {
  return partsOf([
    { count: observed.agreed, words: 'people did the same', tone: 'good' },
    { count: observed.disagreed, words: 'people decided otherwise', tone: 'bad' },
    { count: observed.not_done, words: 'nobody did it', tone: 'warn' },
    { count: observed.open, words: 'not known yet', tone: 'calm' },
    { count: observed.nothing, words: 'it would have done nothing', tone: 'calm' },
  ]);
}

/** What people answered when a version asked, as parts of a bar; none where it never asked. */
export function askedParts({ asked }: Agreement): readonly BarPart[] {
  return partsOf([
    { count: asked.approved, words: 'approved', tone: 'good' },
    { count: asked.denied, words: 'denied', tone: 'bad' },
    { count: asked.open, words: 'not answered yet', tone: 'calm' },
  ]);
}

/** In how many of a hundred settled cases people agreed; undefined while nothing is settled. */
export function agreementPercent({ observed, asked }: Agreement): number | undefined {
  const agreed = observed.agreed + asked.approved;
  const settled = agreed + observed.disagreed + observed.not_done + asked.denied;
  return settled === 0 ? undefined : Math.floor((agreed / settled) * 100);
}

/** What a reaction would have done, in one line for each step. */
export function wouldLines(would: ReactionEvent['would']): readonly string[] {
  if (!Array.isArray(would)) return [];
  return would.flatMap((step) => {
    if (typeof step !== 'object' || step === null || Array.isArray(step)) return [];
    const text = (field: string) => (typeof step[field] === 'string' ? step[field] : '');
    const action = [text('connector'), text('action')].filter(Boolean).join('.');
    return [[action || text('name') || text('step'), text('target')].filter(Boolean).join(' · ')];
  });
}
