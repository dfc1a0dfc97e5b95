import type { Json } from '@counterpoint/core';
import {
  type Change,
  type InboxItemRow,
  type InboxVoteRow,
  mergeChanges,
  type Reader,
  type Store,
} from '@counterpoint/events';
import { errors } from '../errors.ts';
import { retryOnConflict } from '../retry-on-conflict.ts';
import { type DecidedSignal, decidedSignal, endItem, expiredStatus } from './outcome.ts';
import { findPerson, usersMeant } from './person.ts';
import { type Ballot, castVote, type Matter } from './vote.ts';

const MANY = 500;

/** The matter with that id, with its votes and whom it excludes. @throws cases.inbox_not_found */
export async function getMatter(reader: Reader, id: string): Promise<Matter> {
  const item = await reader.get('inbox_items', id);
  if (!item) throw errors.inbox_not_found({ id });
  const [votes, excluded] = await Promise.all([votesOn(reader, id), usersMeant(reader, item.excluded)]);
  return { item, votes, excluded };
}

function votesOn(reader: Reader, item: string): Promise<readonly InboxVoteRow[]> {
  return reader.find('inbox_votes', { where: { item }, limit: MANY });
}

/** A vote as it comes from outside. */
export interface VoteRequest extends Omit<Ballot, 'to'> {
  /** Name or id of the user that a delegation hands the decision to; empty otherwise. */
  readonly to: string;
}

/** Who asks: a user, or a token of theirs. */
export interface VotePrincipal {
  readonly ref: string;
  readonly userId: string;
}

/**
 * Casts a vote and commits it. Two votes at the same moment are counted one after the other, so that a matter is
 * decided once; the same vote again gives the same answer.
 *
 * @throws cases.inbox_not_found, and what {@link castVote} throws
 */
export function voteOn(
  store: Store,
  id: string,
  principal: VotePrincipal,
  request: VoteRequest,
  clock: { now(): number },
): Promise<InboxItemRow> {
  return retryOnConflict(async () => {
    const matter = await getMatter(store, id);
    const person = await store.get('users', principal.userId);
    if (!person || person.disabled) {
      throw errors.decider_not_asked({ id, person: principal.ref, asked: 'people who may sign in' });
    }
    const to = request.to === '' ? undefined : await findPerson(store, request.to);
    const voter = { person, principal: principal.ref };
    const voted = castVote(matter, voter, { ...request, to }, clock.now());
    await store.commit(mergeChanges(voted.change));
    return voted.item;
  });
}

/**
 * The time of a matter is over: how it was decided, and the change that decides it by its time-out when nobody did.
 * `decided` is undefined when it was called off or never asked. The change conflicts with a vote of the same moment.
 */
export async function expireItem(
  reader: Reader,
  id: string,
  now: number,
): Promise<{ readonly change: Change; readonly decided: DecidedSignal | undefined }> {
  const item = await reader.get('inbox_items', id);
  if (!item) return { change: {}, decided: undefined };
  const votes = await votesOn(reader, id);
  if (item.status !== 'open') return { change: {}, decided: decidedSignal(item, votes) };
  const status = expiredStatus(item);
  // Votes that were too few count for nothing; what they entered into the form neither.
  const answer: Json = null;
  const change = endItem(item, [], { status, answer, now });
  return { change, decided: decidedSignal({ ...item, status, answer, decided_at: now }, []) };
}

/** Calls off a matter that nobody waits for any more; nothing when it is decided or was never asked. */
export function cancelItem(item: InboxItemRow | undefined, now: number): Change {
  return item?.status === 'open' ? endItem(item, [], { status: 'cancelled', now }) : {};
}
