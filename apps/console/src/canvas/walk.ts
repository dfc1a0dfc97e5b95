import type { OutlineStep } from './model.ts';
import type { StepPlace, StepsIndex } from './steps-index.ts';

const keys = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End'] as const;

/** Keys that walk the graph. */
export type WalkKey = (typeof keys)[number];

/** Whether a key walks the graph. */
export function isWalkKey(key: string): key is WalkKey {
  return (keys as readonly string[]).includes(key);
}

/**
 * Where a key leads from a step: down into a block or on along the order, up to what comes before, sideways to the
 * neighbouring branch. A step that is not there leads to the first; where nothing lies, it stays.
 */
export function walk(index: StepsIndex, from: string, key: WalkKey): string {
  const all = [...index.keys()];
  const place = index.get(from);
  if (!place || key === 'Home') return all[0] ?? '';
  if (key === 'End') return all.at(-1) ?? '';
  if (key === 'ArrowDown') return down(index, place) ?? all[all.indexOf(from) + 1] ?? from;
  if (key === 'ArrowUp') return up(place) ?? all[all.indexOf(from) - 1] ?? from;
  return sideways(index, place, key === 'ArrowLeft' ? -1 : 1) ?? from;
}

/** The step that a step leads to when it is gone over: the next one of its list, or of the list around it. */
export function after(index: StepsIndex, place: StepPlace): string | undefined {
  for (let at: StepPlace | undefined = place; at; at = index.get(at.step)) {
    const next: OutlineStep | undefined = at.list[at.index + 1];
    if (next) return next.address;
  }
  return undefined;
}

function down(index: StepsIndex, place: StepPlace): string | undefined {
  const inside = place.self.slots.find((slot) => slot.steps.length > 0);
  return inside?.steps[0]?.address ?? after(index, place);
}

function up(place: StepPlace): string | undefined {
  return place.list[place.index - 1]?.address ?? (place.step === '' ? undefined : place.step);
}

function sideways(index: StepsIndex, place: StepPlace, by: -1 | 1): string | undefined {
  for (let at: StepPlace | undefined = place; at; at = index.get(at.step)) {
    const { slot, index: row }: StepPlace = at;
    const slots = index.get(at.step)?.self.slots ?? [];
    const here = slots.findIndex((one) => one.name === slot);
    for (let to = here + by; here >= 0 && to >= 0 && to < slots.length; to += by) {
      const steps = slots[to]?.steps ?? [];
      if (steps.length > 0) return steps[Math.min(row, steps.length - 1)]?.address;
    }
  }
  return undefined;
}
