import type { Outline, OutlineSlot, OutlineStep } from '../../../canvas/model.ts';

/** The innermost step whose text holds an offset; undefined between and outside of steps. */
export function stepAt(outline: Outline, offset: number): OutlineStep | undefined {
  let found: OutlineStep | undefined;
  let slots: readonly OutlineSlot[] = outline.slots;
  for (let inner = within(slots, offset); inner; inner = within(slots, offset)) {
    found = inner;
    slots = inner.slots;
  }
  return found;
}

function within(slots: readonly OutlineSlot[], offset: number): OutlineStep | undefined {
  for (const { steps } of slots) {
    const found = steps.find((step) => step.from <= offset && offset <= step.to);
    if (found) return found;
  }
  return undefined;
}
