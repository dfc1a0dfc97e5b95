import type { Direction, SlotPlace } from './canvas-props.ts';
import type { OutlineStep } from './model.ts';
import type { StepPlace, StepsIndex } from './steps-index.ts';

/** The place that a direction leads to, with the lists as they are before the move; undefined: there is none. */
export function placeOfMove(index: StepsIndex, address: string, direction: Direction): SlotPlace | undefined {
  const place = index.get(address);
  if (!place) return undefined;
  const { step, slot, index: row, list } = place;
  switch (direction) {
    case 'up':
      return row > 0 ? { step, slot, index: row - 1 } : beside(index, place, 0);
    case 'down':
      return row < list.length - 1 ? { step, slot, index: row + 2 } : beside(index, place, 1);
    case 'out':
      return beside(index, place, 1);
    case 'in':
      return intoBefore(list[row - 1]);
  }
}

/** The place behind a step; where its list is used in several places by the text, behind the block that has it. */
export function placeBehind(index: StepsIndex, address: string): SlotPlace | undefined {
  let place = index.get(address);
  while (place?.self.fixed && index.has(place.step)) place = index.get(place.step);
  return place && { step: place.step, slot: place.slot, index: place.index + 1 };
}

/** Before (0) or behind (1) the block that a step is in. */
function beside(index: StepsIndex, { step }: StepPlace, by: 0 | 1): SlotPlace | undefined {
  const block = index.get(step);
  return block && { step: block.step, slot: block.slot, index: block.index + by };
}

function intoBefore(block: OutlineStep | undefined): SlotPlace | undefined {
  const first = block?.slots.find((one) => one.written && !one.fixed);
  return block && first && { step: block.address, slot: first.name, index: first.steps.length };
}
