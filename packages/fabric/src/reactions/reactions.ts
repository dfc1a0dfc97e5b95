import { isCounterpointError } from '@counterpoint/core';
import { isConcerned, mayContain, type PublishedPlan, refusalOf } from '@counterpoint/engine';
import { type EventEnvelope, isEmptyChange } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { act, isDealtWith, reactedEvent, settling } from './act.ts';
import { arrange, expireHeld, holdForRoom, holding } from './backlog.ts';
import { type BreakerOf, breakerId, createBreakers, reasonOf } from './breakers.ts';
import { discardHeld, discardOne, releaseOne } from './by-hand.ts';
import { forget } from './forget.ts';
import { createKeys } from './keys.ts';
import { countHeld, createLanes, inLane, roomIn } from './lanes.ts';
import { outcomeId } from './outcome-row.ts';
import type { Matter, Reacting } from './reacting.ts';
import type { Reactions, ReactionsOptions } from './reaction.ts';
import { decideStorm } from './storms.ts';
import { trustsPublisher } from './trust.ts';

/** How often it is looked for held events that may go on or have expired, and for storms that others ended. */
const TICK = 1_000;

/** Makes {@link Reactions}; nothing goes on by itself before `start`. */
export function createReactions(options: ReactionsOptions): Reactions {
  const breakers = createBreakers(options);
  const reacting: Reacting = {
    options,
    breakers,
    keys: createKeys(options.store),
    lanes: createLanes(options.store, (reaction) => breakers.blocked(reaction)),
  };
  const contains = createContainCheck(options);
  let disarm = (): void => undefined;
  let ticking: Promise<void> = Promise.resolve();
  let stopped = true;
  const next = (): void => {
    if (!stopped) disarm = options.clock.after(TICK, tick);
  };
  const tick = (): void => {
    ticking = lookAround(reacting)
      .catch((error: unknown) => options.onProblem?.(error))
      .then(next);
  };
  return {
    async start() {
      stopped = false;
      reacting.lanes.clear();
      await lookAround(reacting);
      next();
    },
    async stop() {
      stopped = true;
      disarm();
      await ticking;
      const lanes = reacting.lanes.all();
      reacting.lanes.clear();
      await Promise.all(lanes.map(({ tail }) => tail));
    },
    async handle({ event }) {
      const published = await options.plans.reactionsTo(event.type);
      if (published.length === 0) return;
      const concerned = await concernedBy(reacting, published, event);
      if (concerned.length === 0) return;
      const flood = await flooding(reacting, concerned, event);
      const done = await Promise.allSettled(concerned.map((matter) => react(reacting, contains, matter, flood)));
      for (const one of done) if (one.status === 'rejected') throw one.reason;
    },
    release: (row, by) => releaseOne(reacting, row, by),
    discard: (row, by) => discardOne(reacting, row, by),
    forget: (taken) => forget(reacting, taken),
    discardHeld: (reaction, by) => discardHeld(reacting, { reaction }, by),
    async decideStorm(breaker, decision, by) {
      await decideStorm(reacting, breaker, decision, by);
      if (!stopped) await lookAround(reacting);
    },
  };
}

/** The reactions whose condition holds. Where it cannot be evaluated, that is written down. */
async function concernedBy(
  { options }: Reacting,
  published: readonly PublishedPlan[],
  event: EventEnvelope,
): Promise<readonly Matter[]> {
  const now = options.clock.now();
  const concerned: Matter[] = [];
  for (const { plan } of published) {
    const { reaction } = plan;
    if (!reaction || reaction.site !== (options.site ?? '')) continue;
    const matter: Matter = { plan, reaction, event };
    try {
      if (isConcerned(reaction, reactedEvent(event), now)) concerned.push(matter);
    } catch (error) {
      if (!isCounterpointError(error) || error.retryable) throw error;
      const facts = { outcome: 'refused', reason: 'condition_failed', at: now } as const;
      await options.store.commit({ rows: [settling(matter, undefined, facts)] });
    }
  }
  return concerned;
}

/** The breaker that holds what a participant publishes on a topic, if there is one now. */
async function flooding(
  reacting: Reacting,
  concerned: readonly Matter[],
  event: EventEnvelope,
): Promise<BreakerOf | undefined> {
  if (event.participant === 'server') return undefined;
  const of: BreakerOf = { kind: 'flood', participant: event.participant, topic: event.type };
  const before = reacting.breakers.isOpen(breakerId(of));
  if (!(await stormOf(reacting, of, event))) return undefined;
  // What one has published too much of is not held against the others.
  if (!before) for (const { plan } of concerned) reacting.breakers.reset(plan.id);
  return of;
}

/** Whether a breaker is open, after this event was counted. */
async function stormOf({ breakers, options }: Reacting, of: BreakerOf, event: EventEnvelope): Promise<boolean> {
  if (breakers.isOpen(breakerId(of))) return true;
  if (!breakers.count(of, options.clock.now())) return false;
  const { change, undo } = await breakers.open(of, event);
  try {
    if (!isEmptyChange(change)) await options.store.commit(change);
  } catch (error) {
    undo();
    throw error;
  }
  return true;
}

type ContainCheck = (plan: Plan) => boolean;

/** Looks a plan up in the catalogue once. */
function createContainCheck({ catalogue }: ReactionsOptions): ContainCheck {
  const known = new WeakMap<Plan, boolean>();
  return (plan) => {
    const before = known.get(plan);
    if (before !== undefined) return before;
    const contains = mayContain(plan, catalogue());
    // What was not known may have joined by the next time.
    if (!contains) known.set(plan, false);
    return contains;
  };
}

async function react(
  reacting: Reacting,
  contains: ContainCheck,
  matter: Matter,
  flood: BreakerOf | undefined,
): Promise<void> {
  const { options, breakers, lanes } = reacting;
  const { plan, reaction, event } = matter;
  const { rate } = reaction.limits;
  const reason = refusalOf(reaction, event, {
    maxHops: options.maxHops,
    contains: reaction.trust === undefined && event.participant !== 'server' && contains(plan),
    trusted: trustsPublisher(options.participants, event),
  });
  if (reason) return refuse(reacting, matter, reason);
  const own: BreakerOf = { kind: 'reaction', reaction: plan.id };
  const storm = flood ?? ((await stormOf(reacting, own, event)) ? own : undefined);
  const lane = await lanes.of(plan.id, rate, options.clock.now());
  if (storm) {
    if (await isDealtWith(reacting, matter)) return;
    const facts = { reason: reasonOf(storm), expires_at: null, now: options.clock.now() };
    await options.store.commit({ rows: [holding(matter, lane, facts)] });
    return;
  }
  const limited = rate !== undefined && reaction.mode !== 'observe';
  if (!limited && lane.waiting === 0 && !breakers.isOpen(plan.id)) {
    if (!(await isRepeated(reacting, matter))) await act(reacting, matter);
    return;
  }
  await inLane(lane, async () => {
    if (await isRepeated(reacting, matter)) return;
    const full = lane.waiting > 0 || roomIn(lane, rate, options.clock.now()).room === 0;
    if (full && (await isFree(reacting, matter))) {
      return (await isDealtWith(reacting, matter)) ? undefined : holdForRoom(reacting, matter, lane);
    }
    if ((await act(reacting, matter)) === 'started') lane.starts.push(options.clock.now());
  });
}

/** Whether what became of an event was written down before; looked up only where deciding twice could differ. */
async function isRepeated({ options }: Reacting, { plan, reaction, event }: Matter): Promise<boolean> {
  if (!reaction.idempotency && !reaction.limits.rate) return false;
  return (await options.store.get('reaction_events', outcomeId(plan.id, event.id))) !== undefined;
}

async function isFree({ keys, options }: Reacting, { plan, reaction, event }: Matter): Promise<boolean> {
  try {
    return (await keys.find(plan, reaction, reactedEvent(event), options.clock.now())).kind === 'free';
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return false;
  }
}

async function refuse(reacting: Reacting, matter: Matter, reason: string): Promise<void> {
  const { options } = reacting;
  if (await isDealtWith(reacting, matter)) return;
  const facts = { outcome: 'refused', reason, at: options.clock.now() } as const;
  await options.store.commit({ rows: [settling(matter, undefined, facts)] });
}

/** Ends what has expired, and lets go on what nothing holds any more: a storm has ended, a reaction was enabled again. */
async function lookAround(reacting: Reacting): Promise<void> {
  const { store, plans, clock } = reacting.options;
  await expireHeld(reacting);
  const ended = await reacting.breakers.refresh();
  const enabled = await store.find('playbooks', { where: { kind: 'reaction', enabled: true }, limit: 10_000 });
  for (const { id } of enabled) {
    const { plan } = (await plans.current(id).catch(() => undefined)) ?? {};
    if (!plan?.reaction || plan.reaction.site !== (reacting.options.site ?? '')) continue;
    const lane = await reacting.lanes.of(id, plan.reaction.limits.rate, clock.now());
    if (ended) lane.waiting = await countHeld(store, id, reacting.breakers.blocked(id));
    arrange(reacting, lane, plan.reaction);
  }
}
