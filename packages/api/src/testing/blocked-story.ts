import {
  type AuditEntry,
  type CaseRow,
  type ClaimRow,
  type EffectRow,
  type OutboxRow,
  type RowWrite,
  type Store,
  UNHANDLED,
} from '@counterpoint/events';
import { anAlert, aRun } from '@counterpoint/events/conformance';

/** When the story happens. */
export const AT = Date.UTC(2026, 10, 22);
/** The trace of the story. */
export const TRACE = 'b'.repeat(32);
const HOUR = 3_600_000;

const id = (of: string): string => `01a20395-0000-7000-8000-${of.padStart(12, '0')}`;

/** The ids of what plays a part in the story. */
export const IDS = {
  alert: id('a1'),
  event: id('e1'),
  run: id('c1'),
  case: id('d1'),
  /** A block of the playbook that ends in half an hour. */
  block: id('f1'),
  /** A block by a person that no time ends. */
  byHand: id('f2'),
  /** A message that was sent and is over. */
  message: id('f3'),
  /** A ban of which nobody knows. */
  unknown: id('f4'),
  /** A ban on an edge node. */
  far: id('f5'),
} as const;

const caused = (cause: string, principal = 'playbook:ann') => ({ principal, trace: TRACE, cause, hop: 1 });

const alert = anAlert(IDS.alert, {
  ...{ ...caused('raw:x', 'system'), title: 'Many failed logins', finding: {}, raw: 'x', case_id: IDS.case },
  ...{ simulated: true, first_seen: AT, last_seen: AT, created_at: AT, updated_at: AT },
});

const event: OutboxRow = {
  ...{ id: IDS.event, topic: 'alert.created.v1', subject: `alert:${IDS.alert}`, envelope: {}, state: 'delivered' },
  ...{ position: null, participant: 'server', attempts: 1, next_at: AT, error: '', at: AT + 1, trace: TRACE },
  ...{ cause: `alert:${IDS.alert}`, rev: 1 },
};

const run = aRun(IDS.run, {
  ...{ ...caused(`event:${IDS.event}`), status: 'succeeded', epoch: 1, seq: 1, trigger_kind: 'alert' },
  ...{ inputs: {}, case_id: IDS.case, simulated: true, created_at: AT + 2, started_at: AT, ended_at: AT + 9 },
});

const work: CaseRow = {
  ...caused(`run:${IDS.run}/incident`),
  ...{ id: IDS.case, title: 'Brute force from 203.0.113.66', status: 'open', severity: 4, owner: null, summary: '' },
  ...{ ...UNHANDLED, verdict: 'unknown', simulated: true, created_at: AT + 3, updated_at: AT, closed_at: null, rev: 1 },
};

function effect(of: string, over: Partial<EffectRow>): EffectRow {
  return {
    ...caused(`run:${IDS.run}/block`),
    ...{ id: of, key: of, run: '', address: '', generation: 0, connector: 'fortigate', connection: 'edge_fw' },
    ...{ action: 'ban_ip', effect: 'contain', target: 'ipv4-addr:203.0.113.66', args: {}, args_hash: '' },
    ...{ state: 'performed', receipt: {}, error: null, inverse: { action: 'unban_ip', with: {} }, undo_of: '' },
    ...{ preexisting: false, lease_until: AT + HOUR / 2, wake_at: null, attempts: 1, decision: { outcome: 'allow' } },
    ...{ simulated: true, site: '', created_at: AT + 4, performed_at: AT + 5, ended_at: null, rev: 1 },
    ...over,
  } as EffectRow;
}

const effects: readonly EffectRow[] = [
  effect(IDS.block, { run: IDS.run, address: 'block' }),
  effect(IDS.byHand, {
    ...{ principal: 'user:u1', cause: 'user:u1', target: 'ipv4-addr:198.51.100.7', lease_until: null, inverse: null },
    ...{ simulated: false, created_at: AT + 10 },
  }),
  effect(IDS.message, {
    ...{ run: IDS.run, address: 'tell', connector: 'slack', connection: 'chat', action: 'post_message' },
    ...{ effect: 'notify', target: '', lease_until: null, ended_at: AT + 6, created_at: AT + 6 },
  }),
  effect(IDS.unknown, { principal: 'token:t1', state: 'unknown', target: 'ipv4-addr:192.0.2.9', created_at: AT + 11 }),
  effect(IDS.far, { site: 'plant', target: 'ipv4-addr:192.0.2.10', lease_until: AT + 9 * HOUR, created_at: AT + 12 }),
];

const claim: ClaimRow = {
  ...caused(`run:${IDS.run}/block`),
  ...{ id: 'claim-1', effect: IDS.block, holder: `case:${IDS.case}`, reason: 'x', until: AT + HOUR / 2 },
  ...{ created_at: AT + 4, ended_at: null, rev: 1 },
};

const observed: readonly RowWrite[] = [
  {
    ...{ op: 'insert', table: 'playbooks' },
    row: { id: 'brute_force', kind: 'playbook', title: 'Respond', current: '', enabled: true, updated_at: AT, rev: 1 },
  },
  {
    ...{ op: 'insert', table: 'users' },
    row: { id: 'u1', name: 'Ada', role: 'owner', password_hash: '', disabled: false, created_at: AT, rev: 1 },
  },
  {
    ...{ op: 'insert', table: 'tokens' },
    row: {
      ...{ id: 't1', user: 'u1', title: 'laptop', hash: 'h1', permissions: [], created_at: AT, expires_at: null },
      ...{ revoked_at: null, rev: 1 },
    },
  },
];

const entries: readonly AuditEntry[] = [
  ['user:u1', 'effect.undone', `effect:${IDS.block}`],
  ['token:t1', 'guard.engaged', 'switch:global'],
  ['user:u1', 'guard.released', 'switch:global'],
].map(([principal = '', action = '', object = ''], at) => ({
  ...{ at: AT + at * HOUR, principal, action, object, data: { reason: 'because' }, trace: TRACE },
}));

/** Writes down an alert, the run that answered it, what that blocked, and what people did besides. */
export async function tellBlockedStory(store: Store): Promise<void> {
  const insert = <Table extends RowWrite['table']>(table: Table, row: unknown) =>
    ({ op: 'insert', table, row }) as unknown as RowWrite;
  await store.commit({ runs: [{ op: 'create', row: run }] });
  await store.commit({
    rows: [
      ...observed,
      insert('alerts', alert),
      insert('outbox', event),
      insert('cases', work),
      ...effects.map((row) => insert('effects', row)),
      insert('claims', claim),
    ],
  });
  for (const entry of entries) await store.commit({ audit: [entry] });
}
