import type { CallResult } from '@counterpoint/sdk';

/** Two changes of one text, brought together as far as they do not collide. */
export type Merge = CallResult<'mergePlaybook'>;

/** What stands where two changes collide. */
export type Choice = 'mine' | 'theirs' | 'both';

/** The last line of a text may have no end: what follows begins a line of its own all the same. */
function oneAfterTheOther(one: string, other: string): string {
  return one === '' || one.endsWith('\n') ? one + other : `${one}\n${other}`;
}

/** The text that comes of the choices, one for each conflict; one without a choice stays `mine`. */
export function applyChoices({ merged, conflicts }: Merge, choices: readonly (Choice | undefined)[]): string {
  let text = merged;
  for (let at = conflicts.length - 1; at >= 0; at--) {
    const conflict = conflicts[at];
    const choice = choices[at] ?? 'mine';
    if (!conflict || choice === 'mine') continue;
    const insert = choice === 'theirs' ? conflict.theirs : oneAfterTheOther(conflict.mine, conflict.theirs);
    text = text.slice(0, conflict.from) + insert + text.slice(conflict.to);
  }
  return text;
}
