import type { StepsIndex } from './steps-index.ts';

/** The steps from one to another of the same list, in its order; where they are not in one list: the first alone. */
export function stepsBetween(index: StepsIndex, from: string, to: string): readonly string[] {
  const start = index.get(from);
  const end = index.get(to);
  if (!start) return [];
  if (!end || start.step !== end.step || start.slot !== end.slot) return [from];
  const first = Math.min(start.index, end.index);
  return start.list.slice(first, Math.max(start.index, end.index) + 1).map(({ address }) => address);
}

/** What a screen reader says of several steps that are chosen; empty for one. */
export function spokenChoice(steps: readonly string[]): string {
  return steps.length > 1 ? `${steps.length} steps chosen: ${steps.join(', ')}` : '';
}

/** The end of a range, one step of the list further up (-1) or down (1); at the end of the list it stays. */
export function nextEnd(index: StepsIndex, end: string, by: -1 | 1): string {
  const place = index.get(end);
  return place?.list[place.index + by]?.address ?? end;
}
