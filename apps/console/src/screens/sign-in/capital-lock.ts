import { type KeyboardEvent, useState } from 'react';

/** Whether the capital lock is on, as far as the last key told; for fields whose letters are not shown. */
export function useCapitalLock() {
  const [on, setOn] = useState(false);
  const look = (event: KeyboardEvent) => setOn(event.getModifierState('CapsLock'));
  return { on, watch: { onKeyDown: look, onKeyUp: look } };
}
