import type { EventEnvelope } from '@counterpoint/events';
import type { Plan, ReactionPlan } from '@counterpoint/playbook';
import type { Breakers } from './breakers.ts';
import type { Keys } from './keys.ts';
import type { Lanes } from './lanes.ts';
import type { ReactionsOptions } from './reaction.ts';

/** What the parts of the runtime share. */
export interface Reacting {
  readonly options: ReactionsOptions;
  readonly keys: Keys;
  readonly lanes: Lanes;
  readonly breakers: Breakers;
}

/** A reaction and an event that its condition holds for. */
export interface Matter {
  readonly plan: Plan;
  readonly reaction: ReactionPlan;
  readonly event: EventEnvelope;
}
