import { coversHash, satisfiesRole, usersMeant } from '@counterpoint/cases';
import { type CounterpointError, canonicalJson, formatDuration, type Json, stableId } from '@counterpoint/core';
import type { InboxItemRow, Reader } from '@counterpoint/events';
import { guardErrors } from '../errors.ts';
import type { Prepared } from '../prepare.ts';
import type { HoldTerms } from './policy.ts';

/** What people have said to an action. */
export type Consent =
  | { readonly kind: 'given' }
  /** They were not asked yet. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'open'; readonly item: InboxItemRow }
  | { readonly kind: 'refused'; readonly error: CounterpointError };

const GIVEN: Consent = { kind: 'given' };

/** The inbox item of an action that the guard holds. */
export function holdId(key: string): string {
  return stableId('hold', key);
}

/**
 * What people have said to an action: with the approval that the request names, or when the guard held it. `held`: the
 * policy wants people, as many and of such a role as `terms` say; an approval of the playbook's own that asked others
 * does not stand for them.
 */
export async function consentTo(reader: Reader, prepared: Prepared, held: boolean, terms: HoldTerms): Promise<Consent> {
  const { approval, key } = prepared.request;
  const hold = holdId(key);
  if (approval && approval.item !== hold) {
    const item = await reader.get('inbox_items', approval.item);
    const error = misuse(item, prepared, terms);
    if (error) return { kind: 'refused', error };
    if (item && (!held || (await isEnough(reader, item, prepared, terms)))) return GIVEN;
  }
  if (!held && approval?.item !== hold) return GIVEN;
  const item = await reader.get('inbox_items', hold);
  if (!item) return { kind: 'missing' };
  if (item.status === 'open') return { kind: 'open', item };
  if (item.status !== 'approved') return { kind: 'refused', error: refusedByPeople(prepared, item) };
  const error = misuse(item, prepared, terms);
  return error ? { kind: 'refused', error } : GIVEN;
}

function refusedByPeople({ request }: Prepared, { id, status }: InboxItemRow): CounterpointError {
  const action = `${request.connector}.${request.action}`;
  return guardErrors.denied_by_people({ action, item: id, how: status });
}

/** Why an approval does not cover a call: it must be given, for exactly this, and not long ago. */
function misuse(item: InboxItemRow | undefined, prepared: Prepared, terms: HoldTerms): CounterpointError | undefined {
  const { request } = prepared;
  const refuse = (reason: string): CounterpointError =>
    guardErrors.approval_invalid({ action: `${request.connector}.${request.action}`, reason });
  if (!item) return refuse('there is no such approval');
  if (item.status !== 'approved') return refuse(`it is ${item.status}`);
  const { approval } = request;
  const seen = approval?.item === item.id ? approval.hash : item.covers_hash;
  if (item.covers_hash !== seen || coversHash(item.covers) !== seen) return refuse('it was given for something else');
  if (!coversCall(item.covers, prepared)) return refuse('it was given for other arguments');
  const age = request.now - (item.decided_at ?? 0);
  return age > terms.valid ? refuse(`it is older than ${formatDuration(terms.valid)}`) : undefined;
}

function coversCall(covers: Json, { request, connection }: Prepared): boolean {
  if (!Array.isArray(covers)) return false;
  const { address, connector, action, input, lease = null } = request;
  return covers.some(
    (one) =>
      one?.kind === 'action' &&
      one.address === address &&
      one.connector === connector &&
      one.action === action &&
      (one.connection === null || one.connection === connection.id) &&
      one.lease === lease &&
      canonicalJson(one.input) === canonicalJson(input),
  );
}

/** Whether as many people have approved as the policy wants, of its role, and none of them who asked for it. */
async function isEnough(reader: Reader, item: InboxItemRow, prepared: Prepared, terms: HoldTerms): Promise<boolean> {
  const votes = await reader.find('inbox_votes', { where: { item: item.id, vote: 'approve' }, limit: 100 });
  const excluded = await usersMeant(reader, askersOf(prepared, terms));
  let count = 0;
  for (const { principal } of votes) {
    const user = await reader.get('users', principal.slice('user:'.length));
    if (user && !excluded.has(user.id) && satisfiesRole(user.role, terms.role)) count += 1;
  }
  return count >= terms.quorum;
}

/** References of who asks for an action and so may not approve it, unless the policy lets them. */
export function askersOf({ request }: Prepared, { self }: HoldTerms): readonly string[] {
  if (self) return [];
  return [request.run === '' ? request.causality.principal : `run:${request.run}`];
}
