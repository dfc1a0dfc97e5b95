import type { Door, DoorContext } from '@counterpoint/actions';

/** What the handlers of effects, actions and traces need. */
export interface EffectServices {
  readonly context: DoorContext;
  readonly door: Door;
}
