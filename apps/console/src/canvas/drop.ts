import type { DragEvent } from 'react';
import { dragType, movePrefix } from './canvas-context.ts';
import type { CanvasWish, SlotPlace } from './canvas-props.ts';

function isOurs(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(dragType);
}

/** Handlers of an element onto which a step can be dropped. */
export function dropOn(at: SlotPlace, wish: (wish: CanvasWish) => void) {
  return {
    onDragOver(event: DragEvent) {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.currentTarget.setAttribute('data-over', '');
    },
    onDragLeave(event: DragEvent) {
      event.currentTarget.removeAttribute('data-over');
    },
    onDrop(event: DragEvent) {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.currentTarget.removeAttribute('data-over');
      const payload = event.dataTransfer.getData(dragType);
      if (payload.startsWith(movePrefix)) wish({ kind: 'place', address: payload.slice(movePrefix.length), at });
      else wish({ kind: 'drop', payload, at });
    },
  };
}
