import type {
  ClaimRow,
  EffectRow,
  InboxItemRow,
  IngestDecisionRow,
  JournalRow,
  Rows,
  RunRow,
  Store,
  TableName,
} from '@counterpoint/events';
import { openPostgresStore, openSqliteStore } from '@counterpoint/store';
import { readDurableLog } from '../durable-log.ts';
import type { OracleCall } from '../oracle/call.ts';
import type { SessionFacts } from '../scenarios/scenario.ts';

/** Everything that the checks look at: what the outside saw, and what the store says after the end. */
export interface Evidence {
  readonly facts: SessionFacts;
  readonly calls: readonly OracleCall[];
  /** Calls of steps, by run and address, in the order they came. */
  readonly callsOf: ReadonlyMap<string, readonly OracleCall[]>;
  /** What was read back about a key. */
  readonly reads: ReadonlyMap<string, readonly OracleCall[]>;
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly journal: ReadonlyMap<string, readonly JournalRow[]>;
  readonly effects: readonly EffectRow[];
  readonly claims: readonly ClaimRow[];
  /** Matters for people, by id. */
  readonly inbox: ReadonlyMap<string, InboxItemRow>;
  readonly decisions: readonly IngestDecisionRow[];
  /** How many rows are left of what must be worked off. */
  readonly left: Readonly<Record<'timers' | 'signals' | 'subscriptions' | 'outbox' | 'deliveries', number>>;
}

const PAGE = 5_000;

async function all<Table extends TableName>(
  store: Store,
  table: Table,
  column: string,
): Promise<readonly Rows[Table][]> {
  const rows: Rows[Table][] = [];
  for (let after: readonly string[] | undefined; ; ) {
    const page = await store.find(table, { limit: PAGE, ...(after ? { after } : {}) });
    rows.push(...page);
    const last = page.at(-1) as Readonly<Record<string, string>> | undefined;
    if (!last || page.length < PAGE) return rows;
    after = [last[column] as string];
  }
}

async function journalOf(store: Store, run: string): Promise<readonly JournalRow[]> {
  return store.find('journal', { where: { run }, limit: 1_000_000 });
}

/** The key of a step in maps. */
export function stepKey(run: string, address: string): string {
  return `${run}/${address}`;
}

function grouped(calls: readonly OracleCall[]): Map<string, OracleCall[]> {
  const groups = new Map<string, OracleCall[]>();
  for (const call of calls) {
    if (call.run === '') continue;
    const key = stepKey(call.run, call.address);
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return groups;
}

/** Reads the journals and the store; no server may be using its data directory. */
export async function gather(facts: SessionFacts): Promise<Evidence> {
  const { world } = facts;
  const store =
    world.storeUrl === undefined
      ? await openSqliteStore({ directory: world.data })
      : await openPostgresStore({ url: world.storeUrl });
  try {
    const runs = (await all(store, 'runs', 'id')).filter(({ playbook }) => playbook.startsWith('crash_'));
    const journal = new Map<string, readonly JournalRow[]>();
    for (const { id } of runs) journal.set(id, await journalOf(store, id));
    const calls = readDurableLog<OracleCall>(world.callsFile);
    return {
      facts,
      calls,
      callsOf: grouped(calls),
      reads: Map.groupBy(
        calls.filter(({ action }) => action === 'made'),
        ({ key }) => key,
      ),
      runs: new Map(runs.map((run) => [run.id, run])),
      journal,
      effects: await all(store, 'effects', 'id'),
      claims: await all(store, 'claims', 'id'),
      inbox: new Map((await all(store, 'inbox_items', 'id')).map((item) => [item.id, item])),
      decisions: await all(store, 'ingest_decisions', 'id'),
      left: {
        timers: await store.count('timers'),
        signals: await store.count('signals'),
        subscriptions: await store.count('subscriptions'),
        outbox: await store.count('outbox', { state: 'pending' }),
        deliveries: await store.count('deliveries'),
      },
    };
  } finally {
    await store.close();
  }
}
