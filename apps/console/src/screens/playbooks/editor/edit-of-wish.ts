import type { CanvasWish } from '../../../canvas/canvas-props.ts';
import { placeOfMove } from '../../../canvas/moves.ts';
import type { StepsIndex } from '../../../canvas/steps-index.ts';
import { readNewStep } from '../palette/new-step.ts';
import type { Edit } from './editor-model.ts';

/** The edit of the text that a wish of the canvas asks for; undefined: it asks for none, or for what cannot be. */
export function editOfWish(wish: CanvasWish, index: StepsIndex): Edit | undefined {
  switch (wish.kind) {
    case 'delete':
      return { op: 'delete', addresses: [...wish.addresses] };
    case 'duplicate':
      return { op: 'duplicate', address: wish.address };
    case 'wrap':
      return { op: 'wrap', addresses: [...wish.addresses], in: wish.in };
    case 'place':
      return { op: 'move', address: wish.address, to: wish.at };
    case 'move': {
      const to = placeOfMove(index, wish.address, wish.direction);
      return to && { op: 'move', address: wish.address, to };
    }
    case 'drop': {
      const step = readNewStep(wish.payload);
      return step && { op: 'add', at: wish.at, step };
    }
    default:
      return undefined;
  }
}
