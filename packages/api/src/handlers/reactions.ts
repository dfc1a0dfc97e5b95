import type { ReactionEndpointName } from '@counterpoint/contracts';
import type { Clock } from '@counterpoint/core';
import type { PlanSource } from '@counterpoint/engine';
import type { BreakerRow, PlaybookRow, ReactionEventRow, Store } from '@counterpoint/events';
import { agreementOf, heldBy, type Reactions, type SameAs } from '@counterpoint/fabric';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { conditions, pageRows } from '../paging.ts';

/** What the handlers of reactions need. */
export interface ReactionServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly plans: Pick<PlanSource, 'byVersion'>;
  readonly reactions: Pick<Reactions, 'release' | 'discard' | 'discardHeld' | 'decideStorm'>;
  /** What counts as the same, where what was observed is held against what was done. */
  readonly sameAs: SameAs;
}

type Group = Handlers<ReactionEndpointName>;

async function reactionRow(store: Store, id: string): Promise<PlaybookRow> {
  const row = await store.get('playbooks', id);
  if (row?.kind !== 'reaction') throw errors.not_found({ kind: 'reaction', id });
  return row;
}

async function reactionView({ store, plans }: ReactionServices, row: PlaybookRow) {
  const { id, title, current, enabled, updated_at } = row;
  const held = { reaction: id, outcome: 'held' } as const;
  const [version, published, count, [oldest], breaker] = await Promise.all([
    store.get('playbook_versions', current),
    plans.byVersion(current).catch(() => undefined),
    store.count('reaction_events', held),
    store.find('reaction_events', { where: held, orderBy: [{ column: 'at' }], limit: 1 }),
    store.get('breakers', id),
  ]);
  const { mode = '', topic = '' } = published?.plan.reaction ?? {};
  return {
    id,
    title,
    mode,
    topic,
    number: version?.number ?? 0,
    current,
    enabled,
    updated_at,
    held: count,
    oldest_held_at: oldest?.at ?? null,
    storm: breaker?.state === 'open',
  };
}

function eventView({ rev: _rev, ...row }: ReactionEventRow) {
  return row;
}

async function breakerView(store: Store, { id, state, reason, at, item }: BreakerRow) {
  return { id, state, reason, at, item, held: await store.count('reaction_events', heldBy(id)) };
}

function storedHandlers(
  services: ReactionServices,
): Pick<Group, 'listReactions' | 'getReaction' | 'listReactionEvents' | 'listBreakers'> {
  const { store, clock, sameAs } = services;
  return {
    async listReactions({ query }) {
      const where = { kind: 'reaction' } as const;
      const { rows, next } = await pageRows(store, 'playbooks', query, { column: 'updated_at', key: 'id', where });
      return { items: await Promise.all(rows.map((row) => reactionView(services, row))), next };
    },
    async getReaction({ params }) {
      const row = await reactionRow(store, params.id ?? '');
      const [view, version, agreement] = await Promise.all([
        reactionView(services, row),
        store.get('playbook_versions', row.current),
        agreementOf(store, row.id, { now: clock.now(), sameAs }),
      ]);
      return { ...view, source: version?.source ?? '', agreement: [...agreement] };
    },
    async listReactionEvents({ query }) {
      const { reaction, outcome, event } = query;
      const where = conditions<ReactionEventRow>({ reaction, outcome, event });
      const { rows, next } = await pageRows(store, 'reaction_events', query, { column: 'at', key: 'id', where });
      return { items: rows.map(eventView), next };
    },
    async listBreakers() {
      const rows = await store.find('breakers', { limit: 1_000 });
      return { items: await Promise.all(rows.map((row) => breakerView(store, row))) };
    },
  };
}

/** Performs the operations on reactions, on what is held for them, and on storms. */
export function reactionHandlers(services: ReactionServices): Group {
  const { store, reactions } = services;
  return {
    ...storedHandlers(services),
    async discardHeldEvents({ params, principal }) {
      const { id } = await reactionRow(store, params.id ?? '');
      return { discarded: await reactions.discardHeld(id, principal.ref) };
    },
    releaseReactionEvent: async ({ params, principal }) =>
      eventView(await reactions.release(params.id ?? '', principal.ref)),
    discardReactionEvent: async ({ params, principal }) =>
      eventView(await reactions.discard(params.id ?? '', principal.ref)),
    async decideStorm({ params, body, principal }) {
      const id = params.id ?? '';
      await reactions.decideStorm(id, body.decision, principal.ref);
      const row = await store.get('breakers', id);
      if (!row) throw errors.not_found({ kind: 'storm breaker', id });
      return breakerView(store, row);
    },
  };
}
