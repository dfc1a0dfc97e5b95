import { type Clock, isCounterpointError, type Json } from '@counterpoint/core';
import type { KeptAnswerRow, Store, Where } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { askerOf, idOf, markOf, openAnswer, sealAnswer } from './sealed-answer.ts';

/** A change that is asked for under a key, which its asker gives again when the answer did not arrive. */
export interface Asked {
  /** Reference of who asks: others' keys are others. */
  readonly principal: string;
  /** The person behind it: all of their tokens and sessions have room for so many answers together. */
  readonly person: string;
  /** Random; long enough that nobody guesses it. */
  readonly key: string;
  /** What is asked for, whole: method, path and body. */
  readonly what: string;
}

/** Does what is asked for once, however often the same is asked for. */
export interface Once {
  /**
   * The answer of the first time for everybody who asks again within a day. An error is no answer: after it the key is free.
   * Answers of somebody who keeps too many, or of all together, give way after a quarter of an hour, the oldest first.
   *
   * @throws what `work` throws; api.key_reused for something else under the same key, api.request_under_way while another
   *   process is at it, api.answer_lost when it was begun and its answer is not known: the process was ended, or it was too
   *   long; api.keys_spent when too many were begun within that quarter of an hour: then nothing was done
   */
  run(asked: Asked, work: () => Promise<unknown>): Promise<unknown>;
}

const DAY = 86_400_000;
/** No request takes longer: after it nobody is at work on it any more. */
const AT_WORK = 120_000;
const LONGEST = 64 * 1024;
const PRUNE_LIMIT = 500;
/** So long an answer is surely kept: whoever got none asks again sooner, as clients of ours forget a key after ten minutes. */
const SURELY_KEPT = 15 * 60_000;

/** How many answers are kept. */
export interface OnceLimits {
  readonly ofOne: number;
  readonly ofAll: number;
}

/** Some changes a second by one person for as long as answers are surely kept, and ten such people. */
const LIMITS: OnceLimits = { ofOne: 5_000, ofAll: 50_000 };

/** Has the oldest answers of somebody, or of all, give way where there are too many. @throws api.keys_spent */
async function makeRoom(store: Store, where: Where<KeptAnswerRow>, most: number, now: number): Promise<void> {
  const count = await store.count('kept_answers', where);
  if (count < most) return;
  // A few more than needed, so that not every change has to.
  const limit = Math.min(PRUNE_LIMIT, count - most + Math.ceil(most / 50));
  const old = await store.find('kept_answers', {
    where: { ...where, at: { lt: now - SURELY_KEPT } },
    orderBy: [{ column: 'at' }],
    limit,
  });
  if (old.length === 0) throw errors.keys_spent({ most, minutes: SURELY_KEPT / 60_000 });
  await store.commit({ rows: old.map(({ id }) => ({ op: 'delete', table: 'kept_answers', id })) });
}

/** Makes {@link Once} over the rows `kept_answers`, sealed with the keys. */
export function createOnce(store: Store, clock: Clock, limits: OnceLimits = LIMITS): Once {
  const running = new Map<string, { readonly mark: string; readonly answer: Promise<unknown> }>();

  const perform = async (row: KeptAnswerRow, key: string, work: () => Promise<unknown>): Promise<unknown> => {
    await makeRoom(store, { asker: row.asker }, limits.ofOne, row.at);
    await makeRoom(store, {}, limits.ofAll, row.at);
    try {
      await store.commit({ rows: [{ op: 'insert', table: 'kept_answers', row }] });
    } catch (error) {
      throw isCounterpointError(error, 'events.conflict') ? errors.request_under_way({}, { cause: error }) : error;
    }
    try {
      const answer = await work();
      await keep(store, row, key, answer);
      return answer;
    } catch (error) {
      // What went wrong is worth more than what happens to the key.
      await store.commit({ rows: [{ op: 'delete', table: 'kept_answers', id: row.id }] }).catch(() => undefined);
      throw error;
    }
  };

  const recall = async (row: KeptAnswerRow, { key, work }: { key: string; work: () => Promise<unknown> }) => {
    const now = clock.now();
    const before = await store.get('kept_answers', row.id);
    if (!before) return perform(row, key, work);
    if (before.mark !== row.mark) throw errors.key_reused();
    if (before.sealed) return openAnswer(key, before.sealed);
    if (!before.answered && now - before.at < AT_WORK) throw errors.request_under_way();
    throw errors.answer_lost({ at: new Date(before.at).toISOString() });
  };

  return {
    run({ principal, person, key, what }, work) {
      const row = {
        id: idOf(principal, key),
        asker: askerOf(person),
        mark: markOf(key, what),
        answered: false,
        sealed: null,
        at: clock.now(),
        rev: 1,
      };
      const other = running.get(row.id);
      if (other) return other.mark === row.mark ? other.answer : Promise.reject(errors.key_reused());
      const answer = recall(row, { key, work }).finally(() => running.delete(row.id));
      running.set(row.id, { mark: row.mark, answer });
      return answer;
    },
  };
}

async function keep(store: Store, row: KeptAnswerRow, key: string, answer: unknown): Promise<void> {
  const text = JSON.stringify(answer ?? null);
  const sealed = text.length > LONGEST ? null : sealAnswer(key, JSON.parse(text) as Json);
  try {
    await store.commit({
      rows: [{ op: 'put', table: 'kept_answers', row: { ...row, answered: true, sealed, rev: 2 } }],
    });
  } catch {
    // It is done, and who asked is told so; only somebody who asks again is not told what came of it.
  }
}

/** Removes kept answers that are older than a day, some hundred at a time; gives how many. Commits. */
export async function pruneAnswers(store: Store, now: number): Promise<number> {
  let removed = 0;
  for (;;) {
    const old = await store.find('kept_answers', { where: { at: { lt: now - DAY } }, limit: PRUNE_LIMIT });
    if (old.length > 0)
      await store.commit({ rows: old.map(({ id }) => ({ op: 'delete', table: 'kept_answers', id })) });
    removed += old.length;
    if (old.length < PRUNE_LIMIT) return removed;
  }
}
