import type { DoorContext } from '@counterpoint/actions';
import { type CoveredCall, decidedBy, getMatter, mayVote, type VoteRequest, voteOn } from '@counterpoint/cases';
import type { InboxEndpointName } from '@counterpoint/contracts';
import { causalityOf, type InboxItemRow } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import type { Handlers } from '../handler-types.ts';
import { conditions, pageRows } from '../paging.ts';

/** What the handlers of the inbox need. */
export type InboxServices = Pick<DoorContext, 'store' | 'clock' | 'connectors' | 'builtins'>;

function matterView(row: InboxItemRow) {
  const { covers: _covers, form: _form, answer: _answer, rev: _rev, ...rest } = row;
  return {
    ...rest,
    ...causalityOf(row),
    users: [...row.users],
    excluded: [...row.excluded],
    via: [...row.via],
  };
}

function coverView({ connectors, builtins }: InboxServices, covered: CoveredCall) {
  const { step, address, kind, input } = covered;
  const shared = { step, address, kind, input };
  if (covered.kind === 'call') {
    const { playbook } = covered;
    return { ...shared, playbook, connector: null, action: null, connection: null, effect: null, lease: null };
  }
  const { connector, action, connection, lease } = covered;
  const { manifest } = connectors.get(connector) ?? builtins.get(connector) ?? {};
  const effect = manifest?.actions[action]?.effect ?? null;
  return { ...shared, playbook: null, connector, action, connection, effect, lease };
}

async function itemView(services: InboxServices, id: string, principal: Principal) {
  const { store, clock } = services;
  const matter = await getMatter(store, id);
  const { item, votes } = matter;
  const person = await store.get('users', principal.userId);
  return {
    ...matterView(item),
    covers: (item.covers as unknown as readonly CoveredCall[]).map((one) => coverView(services, one)),
    form: item.form,
    answer: item.answer,
    votes: votes.map(({ principal: by, vote, to, reason, answer, at }) => ({
      principal: by,
      vote,
      to,
      reason,
      answer,
      at,
    })),
    decided_by: [...decidedBy(item, votes).by],
    may_decide:
      person !== undefined && principal.permissions.has('inbox:decide') && mayVote(matter, person, clock.now()),
  };
}

/** Performs the operations on the inbox of people. */
export function inboxHandlers(services: InboxServices): Handlers<InboxEndpointName> {
  const { store, clock } = services;
  const cast = async (
    id: string | undefined,
    principal: Principal,
    request: Partial<VoteRequest>,
    vote: VoteRequest['vote'],
  ) => {
    const nothing = { reason: '', form: null, shown: '', to: '' };
    return matterView(await voteOn(store, id ?? '', principal, { ...nothing, ...request, vote }, clock));
  };
  return {
    async listInbox({ query }) {
      const { status, kind, run, playbook } = query;
      const where = conditions<InboxItemRow>({ status, kind, run, playbook });
      const { rows, next } = await pageRows(store, 'inbox_items', query, { column: 'created_at', key: 'id', where });
      return { items: rows.map(matterView), next };
    },
    getInboxItem: ({ params, principal }) => itemView(services, params.id ?? '', principal),
    approveInboxItem: ({ params, body: { covers_hash: shown, reason, form }, principal }) =>
      cast(params.id, principal, { shown, reason, form }, 'approve'),
    denyInboxItem: ({ params, body, principal }) => cast(params.id, principal, body, 'deny'),
    answerInboxItem: ({ params, body, principal }) => cast(params.id, principal, body, 'answer'),
    delegateInboxItem: ({ params, body, principal }) => cast(params.id, principal, body, 'delegate'),
  };
}
