import { type CounterpointError, canonicalJson, type Json, stableId } from '@counterpoint/core';
import { type AuditEntry, type Change, type InboxItemRow, type InboxVoteRow, mergeChanges } from '@counterpoint/events';
import { permissionsOfRole } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import { fillForm } from './form.ts';
import { decidedBy, endItem, isOverdue } from './outcome.ts';
import { isAsked, type Person, personRef } from './person.ts';

/** What one person says about a matter. */
export interface Ballot {
  readonly vote: InboxVoteRow['vote'];
  readonly reason: string;
  /** What was entered into the form; null: nothing. */
  readonly form: Json;
  /** Hash of the covered calls that the person saw; only an approval needs it. */
  readonly shown: string;
  /** Whom a delegation hands the decision to. */
  readonly to: Person | undefined;
}

/** A matter with everything that a decision about it depends on. */
export interface Matter {
  readonly item: InboxItemRow;
  readonly votes: readonly InboxVoteRow[];
  /** Ids of the users that may not decide. */
  readonly excluded: ReadonlySet<string>;
}

/** Who votes, and on whose rights: a token votes for its user. */
export interface Voter {
  readonly person: Person;
  /** `user:<id>` or `token:<id>`, for the audit log. */
  readonly principal: string;
}

/** What a vote brings about: the change to commit (nothing for a repeated vote), and how the matter stands after it. */
export interface Voted {
  readonly change: Change;
  readonly item: InboxItemRow;
}

/** The id of a person's vote: one for each matter. */
export function voteId(item: string, person: Pick<Person, 'id'>): string {
  return stableId('vote', item, personRef(person));
}

/**
 * Decides what a vote brings about. One denial denies; an approval needs the votes of `quorum` persons, who must all
 * have entered the same into the form. The same vote again, with the same form, changes nothing.
 *
 * @throws cases.vote_kind, decider_excluded, decider_not_asked, already_voted, already_decided, too_late,
 *   shown_differs, form_invalid, form_differs, not_delegable, delegate_invalid
 */
export function castVote(matter: Matter, voter: Voter, ballot: Ballot, now: number): Voted {
  const { item, votes } = matter;
  const before = votes.find((vote) => vote.principal === personRef(voter.person));
  if (before && isSame(matter, before, ballot)) return { change: {}, item };
  const refusal = refusalOf(matter, voter.person, ballot, before, now);
  if (refusal) throw refusal;
  if (ballot.vote === 'delegate') return delegated(matter, voter, ballot, now);
  return counted(matter, voter, ballot, now);
}

/** Whether the person could vote on the matter now. */
export function mayVote(matter: Matter, person: Person, now: number): boolean {
  const { item, votes, excluded } = matter;
  const open = item.status === 'open' && !isOverdue(item, now);
  const fresh = !votes.some((vote) => vote.principal === personRef(person));
  return open && fresh && !person.disabled && !excluded.has(person.id) && mayDecide(matter, person);
}

function isSame({ item }: Matter, before: InboxVoteRow, { vote, to, form }: Ballot): boolean {
  if (before.vote !== vote || before.to !== (to ? personRef(to) : '')) return false;
  if (form === null || (vote !== 'approve' && vote !== 'answer')) return true;
  // Another answer must be refused: whoever gives it would believe that it counts.
  const filled = fillForm(item.form, form);
  return 'form' in filled && canonicalJson(filled.form) === canonicalJson(before.answer);
}

function refusalOf(
  matter: Matter,
  person: Person,
  ballot: Ballot,
  before: InboxVoteRow | undefined,
  now: number,
): CounterpointError | undefined {
  const { item, excluded } = matter;
  const { id } = item;
  if (!fits(item, ballot)) return errors.vote_kind({ id, kind: item.kind, vote: ballot.vote });
  if (excluded.has(person.id)) return errors.decider_excluded({ id, person: person.name });
  if (!mayDecide(matter, person)) return errors.decider_not_asked({ id, person: person.name, asked: askedIn(item) });
  if (item.status !== 'open') return alreadyDecided(matter);
  if (before) return errors.already_voted({ id, person: person.name, vote: before.vote });
  if (isOverdue(item, now)) return errors.too_late({ id, due: new Date(item.due_at ?? 0).toISOString() });
  const unseen = ballot.vote === 'approve' && ballot.shown !== item.covers_hash;
  return unseen ? errors.shown_differs({ id }) : undefined;
}

function fits({ kind }: InboxItemRow, { vote }: Ballot): boolean {
  return kind === 'question' ? vote === 'answer' : vote !== 'answer';
}

/** Whether the matter is meant for the person, or somebody it is meant for handed it over. */
function mayDecide({ item, votes }: Matter, person: Person): boolean {
  return isAsked(item, person) || votes.some(({ vote, to }) => vote === 'delegate' && to === personRef(person));
}

function askedIn({ role, users }: InboxItemRow): string {
  const parts = [role === '' ? '' : `the role ${role}`, users.length === 0 ? '' : users.join(', ')];
  return parts.filter((part) => part !== '').join(' and ');
}

function alreadyDecided({ item, votes }: Matter): CounterpointError {
  const { by } = decidedBy(item, votes);
  const { id, status, decided_at } = item;
  const who = by.length > 0 ? ` by ${by.join(', ')}` : '';
  const at = new Date(decided_at ?? item.created_at).toISOString();
  return errors.already_decided({ id, how: `${status}${who} at ${at}` }, { details: { status, by: [...by], at } });
}

function delegated(matter: Matter, voter: Voter, ballot: Ballot, now: number): Voted {
  const { item, votes, excluded } = matter;
  const { to } = ballot;
  const refuse = (reason: string): CounterpointError => errors.delegate_invalid({ id: item.id, reason });
  if (!item.delegable || !isAsked(item, voter.person)) throw errors.not_delegable({ id: item.id });
  if (!to) throw refuse('there is no such user');
  if (to.disabled) throw refuse(`${to.name} is disabled`);
  if (!permissionsOfRole(to.role).has('inbox:decide')) throw refuse(`${to.name} may decide nothing`);
  if (to.id === voter.person.id) throw refuse('it is the same person');
  if (excluded.has(to.id)) throw refuse(`${to.name} may not decide it`);
  if (votes.some(({ principal }) => principal === personRef(to))) throw refuse(`${to.name} has voted already`);
  const row = voteRow(matter, voter, ballot, null, now);
  const after: InboxItemRow = { ...item, rev: item.rev + 1 };
  return { change: mergeChanges(written(row, after), audited(matter, voter, row, now)), item: after };
}

function counted(matter: Matter, voter: Voter, ballot: Ballot, now: number): Voted {
  const { item, votes } = matter;
  const answer = ballot.vote === 'deny' ? null : enteredIn(matter, ballot);
  const row = voteRow(matter, voter, ballot, answer, now);
  const audit = audited(matter, voter, row, now);
  const all = [...votes, row];
  const status = statusAfter(item, all);
  if (status === 'open') {
    const after: InboxItemRow = { ...item, answer, rev: item.rev + 1 };
    return { change: mergeChanges(written(row, after), audit), item: after };
  }
  const vote: Change = { rows: [{ op: 'insert', table: 'inbox_votes', row }] };
  const end = { status, answer: status === 'denied' ? null : answer, now };
  const change = mergeChanges(vote, audit, endItem(item, all, end));
  return { change, item: { ...item, status, answer: end.answer, decided_at: now, rev: item.rev + 1 } };
}

/** What an approval or answer enters into the form; a later approver takes over what the first one entered. */
function enteredIn({ item, votes }: Matter, ballot: Ballot): Json {
  const first = votes.find(({ vote }) => vote === 'approve');
  if (first && ballot.form === null) return first.answer;
  const filled = fillForm(item.form, ballot.form);
  if ('reason' in filled) throw errors.form_invalid({ id: item.id, reason: filled.reason });
  if (first && canonicalJson(first.answer) !== canonicalJson(filled.form)) {
    throw errors.form_differs({ id: item.id, entered: JSON.stringify(first.answer) });
  }
  return filled.form;
}

function statusAfter(item: InboxItemRow, votes: readonly InboxVoteRow[]): 'open' | 'approved' | 'denied' | 'answered' {
  if (votes.some(({ vote }) => vote === 'answer')) return 'answered';
  if (votes.some(({ vote }) => vote === 'deny')) return 'denied';
  const persons = new Set(votes.filter(({ vote }) => vote === 'approve').map(({ principal }) => principal));
  return persons.size >= item.quorum ? 'approved' : 'open';
}

function voteRow({ item }: Matter, { person }: Voter, ballot: Ballot, answer: Json, at: number): InboxVoteRow {
  const { vote, reason, to, shown } = ballot;
  return {
    id: voteId(item.id, person),
    item: item.id,
    principal: personRef(person),
    vote,
    to: to ? personRef(to) : '',
    reason,
    answer,
    covers_hash: shown,
    at,
  };
}

function written(row: InboxVoteRow, item: InboxItemRow): Change {
  return {
    rows: [
      { op: 'insert', table: 'inbox_votes', row },
      { op: 'update', table: 'inbox_items', row: item },
    ],
  };
}

function audited({ item }: Matter, voter: Voter, row: InboxVoteRow, at: number): Change {
  const { vote, to, reason, covers_hash, principal: person } = row;
  const data = { vote, person, reason, covers_hash, ...(to === '' ? {} : { to }) };
  const { principal } = voter;
  const entry: AuditEntry = {
    at,
    principal,
    action: 'inbox.voted',
    object: `inbox:${item.id}`,
    data,
    trace: item.trace,
  };
  return { audit: [entry] };
}
