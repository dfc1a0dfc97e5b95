import { stableId } from '@counterpoint/core';
import { type ReactedEvent, reactionKey, triggerKey } from '@counterpoint/engine';
import type { ReactionKeyRow, Reader, RowWrite } from '@counterpoint/events';
import type { Plan, ReactionPlan } from '@counterpoint/playbook';
import { reactionTrigger } from './reaction-trigger.ts';

/** What the idempotency key of an event says to acting on it. */
export type KeyFinding =
  | { readonly kind: 'free'; readonly writes: readonly RowWrite[] }
  | { readonly kind: 'duplicate' }
  /** Not enough trusted publishers have said it yet; `writes` notes this one. */
  | { readonly kind: 'unconfirmed'; readonly writes: readonly RowWrite[] };

/** The keys that reactions have acted on. */
export interface Keys {
  /** @throws what evaluating the key throws */
  find(plan: Plan, reaction: ReactionPlan, event: ReactedEvent, now: number): Promise<KeyFinding>;
}

const FREE: KeyFinding = { kind: 'free', writes: [] };

/**
 * Keys over the store. Nothing is remembered beside the rows: another process, too, may take back what was acted on.
 */
export function createKeys(reader: Reader): Keys {
  return {
    async find(plan, reaction, event, now) {
      const key = reactionKey(reaction, event, now);
      if (key === undefined) return FREE;
      const id = keyId(plan, reaction, key);
      const standing = await reader.get('reaction_keys', id);
      const row = standing && standing.until > now ? standing : undefined;
      const acted = row !== undefined && row.event !== '' && row.event !== event.id;
      if (acted && !(await cameToNothing(reader, plan, reaction, row.event))) return { kind: 'duplicate' };
      const until = now + (reaction.idempotency?.ttl ?? 0);
      const publishers = [...new Set([...(row?.publishers ?? []), event.participant])];
      const enough = publishers.length >= (reaction.trust?.sources ?? 1);
      const next: ReactionKeyRow = {
        id,
        reaction: plan.id,
        key,
        publishers,
        event: enough ? event.id : '',
        until,
        rev: (standing?.rev ?? 0) + 1,
      };
      const write: RowWrite = { op: standing ? 'update' : 'insert', table: 'reaction_keys', row: next };
      return { kind: enough ? 'free' : 'unconfirmed', writes: [write] };
    },
  };
}

/** Whether the run of an event failed or was cancelled: whoever says it again is to be heard, not taken for a repetition. */
async function cameToNothing(reader: Reader, { id }: Plan, reaction: ReactionPlan, event: string): Promise<boolean> {
  const trigger_key = triggerKey(id, reactionTrigger(reaction, event));
  const [run] = await reader.find('runs', { where: { trigger_key }, limit: 1 });
  return run?.status === 'failed' || run?.status === 'cancelled';
}

/** The id of a key. What a reaction only observed does not keep it from acting once it may. */
export function keyId({ id }: Plan, { mode }: ReactionPlan, key: string): string {
  return stableId(mode === 'observe' ? 'observed-key' : 'reaction-key', id, key);
}
