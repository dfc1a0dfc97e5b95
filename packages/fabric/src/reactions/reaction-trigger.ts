import type { ReactionPlan } from '@counterpoint/playbook';

/** The trigger by which the run of a reaction and an event (its id) is unique. */
export function reactionTrigger({ topic }: Pick<ReactionPlan, 'topic'>, event: string) {
  return { kind: 'topic', id: `topic:${topic}`, key: event } as const;
}
