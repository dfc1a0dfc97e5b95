import { type DoorContext, foreseeCall } from '@counterpoint/actions';
import {
  type CoveredCall,
  decidedBy,
  getMatter,
  isAsked,
  mayVote,
  type VoteRequest,
  voteOn,
} from '@counterpoint/cases';
import type { InboxEndpointName } from '@counterpoint/contracts';
import { causalityOf, type InboxItemRow, type Reader, type UserRow } from '@counterpoint/events';
import { severityName } from '@counterpoint/formats';
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

async function coverView({ store, connectors, builtins }: InboxServices, covered: CoveredCall) {
  const { step, address, kind, input } = covered;
  const shared = { step, address, kind, input };
  if (covered.kind === 'call') {
    const { playbook } = covered;
    const title = (await store.get('playbooks', playbook))?.title ?? '';
    const nothing = { connector: null, action: null, connection: null, effect: null, lease: null, through: null };
    return { ...shared, ...nothing, playbook, title, target: '', standing: 0, end: 'nothing' as const };
  }
  const { connector, action, connection, lease } = covered;
  const foreseen = await foreseeCall(store, connectors.get(connector) ?? builtins.get(connector), covered);
  const { target, standing, end, connection: through } = foreseen;
  return {
    ...shared,
    playbook: null,
    connector,
    action,
    connection,
    lease,
    effect: foreseen.action?.effect ?? null,
    title: foreseen.action?.title ?? '',
    target,
    through: through ? { id: through.id, title: through.title, simulated: through.simulated } : null,
    standing,
    end,
  };
}

/** What began the story that a matter belongs to, for whoever has to decide. */
async function occasionView(store: Reader, item: InboxItemRow) {
  const [alert] = await store.find('alerts', { where: { trace: item.trace }, limit: 1 });
  const found = alert?.case_id ? await store.get('cases', alert.case_id) : undefined;
  const playbook = item.playbook === '' ? undefined : await store.get('playbooks', item.playbook);
  return {
    alert: alert ? { id: alert.id, title: alert.title, severity: severityName(alert.severity) } : null,
    case: found ? { id: found.id, title: found.title } : null,
    playbook_title: playbook?.title ?? '',
  };
}

async function namesOf(store: Reader, refs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = refs.filter((ref) => ref.startsWith('user:')).map((ref) => ref.slice('user:'.length));
  const users = ids.length === 0 ? [] : await store.find('users', { where: { id: { in: ids } }, limit: ids.length });
  return new Map(users.map(({ id, name }) => [`user:${id}`, name]));
}

async function itemView(services: InboxServices, id: string, principal: Principal) {
  const { store, clock } = services;
  const matter = await getMatter(store, id);
  const { item, votes, excluded } = matter;
  const person = await personOf(services, principal);
  const may = person !== undefined && mayVote(matter, person, clock.now());
  const names = await namesOf(
    store,
    votes.map((vote) => vote.principal),
  );
  return {
    ...matterView(item),
    // Whoever started the run, or holds the token, is told why nobody asks them.
    excluded: [...new Set([...item.excluded, ...[...excluded].map((user) => `user:${user}`)])],
    ...(await occasionView(store, item)),
    covers: await Promise.all(coversOf(item).map((one) => coverView(services, one))),
    form: item.form,
    answer: item.answer,
    votes: votes
      .toSorted((a, b) => a.at - b.at)
      .map(({ principal: by, vote, to, reason, answer, at }) => ({
        principal: by,
        name: names.get(by) ?? '',
        vote,
        to,
        reason,
        answer,
        at,
      })),
    decided_by: [...decidedBy(item, votes).by],
    may_decide: may,
    may_delegate: may && item.delegable && isAsked(item, person),
  };
}

function coversOf(item: InboxItemRow): readonly CoveredCall[] {
  return item.covers as unknown as readonly CoveredCall[];
}

/** Whoever asks as somebody who may decide; undefined when they may decide nothing at all. */
function personOf({ store }: InboxServices, principal: Principal): Promise<UserRow | undefined> {
  return principal.permissions.has('inbox:decide') ? store.get('users', principal.userId) : Promise.resolve(undefined);
}

/** One line of the list, with how far the votes are and whether it asks whoever looks. */
async function lineView(services: InboxServices, row: InboxItemRow, person: UserRow | undefined) {
  const matter = await getMatter(services.store, row.id);
  return {
    ...matterView(row),
    calls: coversOf(row).length,
    approvals: matter.votes.filter(({ vote }) => vote === 'approve').length,
    may_decide: person !== undefined && mayVote(matter, person, services.clock.now()),
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
    async listInbox({ query, principal }) {
      const { status, kind, run, playbook } = query;
      const where = conditions<InboxItemRow>({ status: { in: status }, kind, run, playbook });
      const { rows, next } = await pageRows(store, 'inbox_items', query, { column: 'created_at', key: 'id', where });
      const person = await personOf(services, principal);
      return { items: await Promise.all(rows.map((row) => lineView(services, row, person))), next };
    },
    getInboxItem: ({ params, principal }) => itemView(services, params.id ?? '', principal),
    approveInboxItem: ({ params, body: { covers_hash: shown, reason, form }, principal }) =>
      cast(params.id, principal, { shown, reason, form }, 'approve'),
    denyInboxItem: ({ params, body, principal }) => cast(params.id, principal, body, 'deny'),
    answerInboxItem: ({ params, body, principal }) => cast(params.id, principal, body, 'answer'),
    delegateInboxItem: ({ params, body, principal }) => cast(params.id, principal, body, 'delegate'),
  };
}
