import { isCounterpointError, type JsonObject, stableId } from '@counterpoint/core';
import { type Catalogue, type Plan, type ReactionPlan, toJson } from '@counterpoint/playbook';
import {
  isConcerned,
  mayContain,
  type ReactedEvent,
  reactionInputs,
  reactionKey,
  refusalOf,
} from '../reactions/rules.ts';
import type { Difference } from './judge.ts';
import type { EarlierEvent, Expectation, Given, GivenOrigin, ReactionOutcome } from './test-file.ts';

/** What becomes of the event of a test at a reaction, and what its run is started with. */
export interface Became {
  readonly outcome: ReactionOutcome;
  readonly reason: string;
  readonly inputs: JsonObject;
}

/** What a reaction remembers of the events before. */
interface Memory {
  readonly keys: Map<
    string,
    { readonly publishers: ReadonlySet<string>; readonly acted: boolean; readonly until: number }
  >;
  readonly starts: number[];
}

/** The engine's own budget, as it is without configuration. */
const MAX_HOPS = 20;

/** Decides about the event of a test, after those that came before; undefined for a playbook. */
export function becomes(
  { plan, catalogue }: { readonly plan: Plan; readonly catalogue: Catalogue },
  given: Given,
  now: number,
): Became | undefined {
  const { reaction } = plan;
  if (!reaction) return undefined;
  const memory: Memory = { keys: new Map(), starts: [] };
  const contains = mayContain(plan, catalogue);
  const data = given.event ? toJson(given.event) : null;
  const before = [...(given.earlier?.value ?? [])].sort((a, b) => b.ago - a.ago);
  const eventOf = (origin: GivenOrigin | undefined, at: number, own: EarlierEvent | undefined): ReactedEvent => ({
    id: stableId('test-event', String(at)),
    subject: origin?.subject ?? 'test',
    data: own?.data ? toJson(own.data) : data,
    hop: origin?.hop ?? 1,
    participant: origin?.participant ?? 'server',
  });
  for (const [at, one] of before.entries()) {
    become(reaction, eventOf(one, at, one), { contains, trusted: one.trusted ?? false, now: now - one.ago }, memory);
  }
  const from = given.from?.value;
  const event = eventOf(from, before.length, undefined);
  const verdict = become(reaction, event, { contains, trusted: from?.trusted ?? false, now }, memory);
  return { ...verdict, inputs: reactionInputs(event) };
}

interface Circumstances {
  readonly contains: boolean;
  readonly trusted: boolean;
  readonly now: number;
}

type Verdict = Omit<Became, 'inputs'>;

const verdict = (outcome: ReactionOutcome, reason = ''): Verdict => ({ outcome, reason });

/** In the order in which the fabric decides; storms are not rehearsed. */
function become(reaction: ReactionPlan, event: ReactedEvent, around: Circumstances, memory: Memory): Verdict {
  const { contains, trusted, now } = around;
  const concerned = attempt(() => isConcerned(reaction, event, now));
  if (concerned === undefined) return verdict('refused', 'condition_failed');
  if (!concerned) return verdict('passed_over');
  const refusal = refusalOf(reaction, event, { maxHops: MAX_HOPS, contains, trusted });
  if (refusal) return verdict('refused', refusal);
  const key = attempt(() => ({ key: reactionKey(reaction, event, now) }));
  if (!key) return verdict('refused', 'key');
  const known = key.key === undefined ? undefined : memory.keys.get(key.key);
  const standing = known && known.until > now ? known : undefined;
  if (standing?.acted) return verdict('duplicate');
  const publishers = new Set([...(standing?.publishers ?? []), event.participant]);
  const enough = publishers.size >= (reaction.trust?.sources ?? 1);
  const { rate } = reaction.limits;
  const isLimited = rate !== undefined && reaction.mode !== 'observe';
  const full = isLimited && memory.starts.filter((at) => at > now - rate.per).length >= rate.count;
  if (enough && full) return verdict('held', 'rate');
  if (key.key !== undefined) {
    memory.keys.set(key.key, { publishers, acted: enough, until: now + (reaction.idempotency?.ttl ?? 0) });
  }
  if (!enough) return verdict('unconfirmed');
  memory.starts.push(now);
  return verdict(reaction.mode === 'observe' ? 'observed' : 'started');
}

/** Undefined where the expression cannot be evaluated. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return undefined;
  }
}

/** `held (rate)`. */
export function describeBecame({ outcome, reason }: Pick<Became, 'outcome' | 'reason'>): string {
  const words = outcome.replaceAll('_', ' ');
  return reason === '' ? words : `${words} (${reason})`;
}

/** Holds what became of the event against what is expected. */
export function judgeOutcome({ outcome, reason }: Expectation, became: Became | undefined): readonly Difference[] {
  if (!became) return [];
  if (outcome && outcome.value !== became.outcome) {
    const expected = outcome.value.replaceAll('_', ' ');
    return [{ about: 'outcome', expected, actual: describeBecame(became), position: outcome.position }];
  }
  if (!reason || reason.value === became.reason) return [];
  return [{ about: 'reason', expected: reason.value, actual: became.reason, position: reason.position }];
}
