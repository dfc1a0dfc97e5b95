import type { KeyboardEvent } from 'react';
import type { CanvasWish, Direction } from './canvas-props.ts';
import { placeBehind } from './moves.ts';
import type { StepsIndex } from './steps-index.ts';
import type { Range } from './use-range.ts';
import { isWalkKey, walk } from './walk.ts';

/** What keys work upon. */
export interface KeyTarget {
  readonly index: StepsIndex;
  readonly selected: string;
  readonly range: Pick<Range, 'steps' | 'grow' | 'clear'>;
  readonly select: (address: string) => void;
  readonly open: (address: string) => void;
  readonly menu: (address: string) => void;
  readonly wish: ((wish: CanvasWish) => void) | undefined;
}

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * What a key does on a canvas or its twin, the tree: arrows walk, Enter opens, Escape leads out, and where the playbook
 * can be changed Shift with arrows chooses several steps, F2 renames, Delete deletes, `a` adds, `w` offers what to wrap in, Alt with arrows moves, Ctrl with D, C,
 * Z and Y duplicates, copies, undoes and redoes. Answers whether the key was used.
 */
export function actOnKey(target: KeyTarget, keys: Keys): boolean {
  if (keys.ctrlKey || keys.metaKey) return withControl(target, keys);
  if (keys.altKey) return withAlt(target, keys);
  const { selected, index, range } = target;
  if (keys.shiftKey && drawRange(target, keys.key)) return true;
  if (isWalkKey(keys.key)) {
    target.select(walk(index, selected, keys.key));
    return true;
  }
  const place = index.get(selected);
  if (keys.key === 'Escape' && range.steps.length > 1) {
    range.clear();
    return true;
  }
  if (keys.key === 'Escape' && place) {
    target.select(place.step);
    return true;
  }
  if (keys.key === 'Enter' && place) {
    target.open(selected);
    return true;
  }
  return changeByKey(target, keys);
}

function drawRange({ index, selected, range, wish }: KeyTarget, key: string): boolean {
  const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (!wish || by === 0 || !index.has(selected)) return false;
  range.grow(by);
  return true;
}

function changeByKey({ index, selected, range, wish, menu }: KeyTarget, { key, shiftKey }: Keys): boolean {
  if (!wish) return false;
  const place = index.get(selected);
  if (key === 'a') {
    const first = { step: '', slot: 'steps', index: 0 };
    wish({ kind: 'add', at: placeBehind(index, selected) ?? first });
    return true;
  }
  if (!place) return false;
  if (key === 'w' || key === 'ContextMenu' || (key === 'F10' && shiftKey)) menu(selected);
  else if (key === 'F2') wish({ kind: 'rename', address: selected });
  else if (key === 'Delete' || key === 'Backspace') wish({ kind: 'delete', addresses: range.steps });
  else return false;
  return true;
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'out',
  ArrowRight: 'in',
};

function withAlt({ index, selected, wish }: KeyTarget, { key }: Keys): boolean {
  const direction = directions[key];
  if (!wish || !direction || !index.has(selected)) return false;
  wish({ kind: 'move', address: selected, direction });
  return true;
}

function withControl({ index, selected, wish }: KeyTarget, { key, shiftKey }: Keys): boolean {
  if (!wish) return false;
  const letter = key.toLowerCase();
  if (letter === 'z') wish({ kind: shiftKey ? 'redo' : 'undo' });
  else if (letter === 'y') wish({ kind: 'redo' });
  else if (!index.has(selected)) return false;
  else if (letter === 'd') wish({ kind: 'duplicate', address: selected });
  else if (letter === 'c' && String(globalThis.getSelection?.() ?? '') === '')
    wish({ kind: 'copy', address: selected });
  else return false;
  return true;
}
