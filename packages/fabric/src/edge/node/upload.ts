import type { EdgeBatch } from '@counterpoint/contracts';
import type { AuditRow, EdgeOutgoingRow, EffectRow, RunRow, Store } from '@counterpoint/events';
import { afterOf } from '../effect-ids.ts';
import type { CentreLink } from './node.ts';
import type { Outgoing } from './outgoing.ts';

/** What uploading needs. */
export interface UploadOptions {
  /** Id of the node. */
  readonly node: string;
  readonly store: Store;
  readonly link: CentreLink;
  readonly outgoing: Pick<Outgoing, 'isSettled'>;
  /** Told of what the centre would not take; it is not sent again. */
  readonly onRefused: (
    refused: readonly { readonly table: string; readonly id: string; readonly reason: string }[],
  ) => void;
}

interface Answer {
  readonly refused: readonly { readonly table: string; readonly id: string; readonly reason: string }[];
  readonly audit: number;
}

type Mutable = { -readonly [Member in keyof EdgeBatch]: EdgeBatch[Member] };
type SentRun = EdgeBatch['runs'][number];

/** Each line brings up to two effects; the centre takes 500 rows of a kind. */
const LINES = 200;
const AUDIT_LINES = 200;
/** A request is not made larger than about so many bytes; the centre takes 5 MiB by default. */
const LARGEST = 2 * 1024 * 1024;
const ENTRIES = 100_000;

/** The setting that holds the last line of the own audit log that the centre has. */
export const SENT_AUDIT = 'edge.sent_audit';

const emptyBatch = (): Mutable => ({
  events: [],
  runs: [],
  effects: [],
  claims: [],
  reaction_events: [],
  audit: [],
});

async function runOf(store: Store, row: RunRow): Promise<SentRun> {
  const journal = await store.find('journal', {
    where: { run: row.id },
    orderBy: [{ column: 'seq' }],
    limit: ENTRIES,
  });
  const refs = await store.find('blob_refs', { where: { run: row.id }, limit: ENTRIES });
  const rows = await Promise.all(refs.map(({ blob }) => store.get('blobs', blob)));
  const blobs = rows.flatMap((one) => (one ? [{ id: one.id, bytes: Buffer.from(one.bytes).toString('base64') }] : []));
  const sent = { row: row as SentRun['row'], journal: [...journal] as SentRun['journal'], blobs };
  if (JSON.stringify(sent).length <= LARGEST) return sent;
  // Too much for one request: that it ran and how it ended is more than nothing.
  return { row: { ...sent.row, seq: 0 }, journal: [], blobs: [] };
}

/** Adds the row of a line as it stands now; gives how large it is. A row that is gone adds nothing. */
async function add(
  { store, node }: Pick<UploadOptions, 'store' | 'node'>,
  batch: Mutable,
  { table_name: table, row: id }: EdgeOutgoingRow,
): Promise<number> {
  if (table === 'outbox') {
    const row = await store.get('outbox', id);
    return row ? push(batch.events, row.envelope as unknown as EdgeBatch['events'][number]) : 0;
  }
  if (table === 'runs') {
    const row = await store.get('runs', id);
    return row ? push(batch.runs, await runOf(store, row)) : 0;
  }
  if (table === 'effects') {
    const row = await store.get('effects', id);
    return row ? addEffect({ store, node }, batch, row) : 0;
  }
  if (table === 'claims') {
    const row = await store.get('claims', id);
    const effect = row && (await store.get('effects', row.effect));
    // With what it claims, so that it is seen whose that is.
    return row && effect ? (await addEffect({ store, node }, batch, effect)) + push(batch.claims, row) : 0;
  }
  const row = await store.get('reaction_events', id);
  // What is held has not been decided yet.
  return row && row.outcome !== 'held' ? push(batch.reaction_events, row) : 0;
}

/** Adds an effect; an undo comes with what it undoes, so that it is seen whose that is. */
async function addEffect({ store, node }: Pick<UploadOptions, 'store' | 'node'>, batch: Mutable, row: EffectRow) {
  const undone = row.undo_of === '' ? undefined : await store.get('effects', row.undo_of);
  let size = 0;
  for (const one of undone ? [undone, row] : [row]) {
    size += push(batch.effects, { ...one, after: await afterWhich(store, node, one) });
  }
  return size;
}

async function afterWhich(store: Store, node: string, row: EffectRow): Promise<string> {
  const { connection, action, target } = row;
  const others = await store.find('effects', { where: { connection, action, target, undo_of: '' }, limit: ENTRIES });
  return afterOf(node, row, others);
}

function push<Item>(list: Item[], item: Item): number {
  list.push(item);
  return JSON.stringify(item).length;
}

async function nextBatch({ store, node }: Pick<UploadOptions, 'store' | 'node'>) {
  const lines = await store.find('edge_outgoing', { orderBy: [{ column: 'changes' }], limit: LINES });
  const batch = emptyBatch();
  const taken: EdgeOutgoingRow[] = [];
  let size = 0;
  for (const line of lines) {
    const next = emptyBatch();
    const more = await add({ store, node }, next, line);
    if (taken.length > 0 && size + more > LARGEST) break;
    size += more;
    taken.push(line);
    for (const name of Object.keys(batch) as (keyof EdgeBatch)[]) (batch[name] as unknown[]).push(...next[name]);
  }
  const standing = await store.get('settings', SENT_AUDIT);
  const sent = typeof standing?.value === 'number' ? standing.value : 0;
  const audit = await store.find('audit', {
    where: { seq: { gt: sent } },
    orderBy: [{ column: 'seq' }],
    limit: AUDIT_LINES,
  });
  batch.audit = audit.map(lineOf);
  return { batch, taken, sent, upTo: audit.at(-1)?.seq ?? sent };
}

function lineOf({ seq, at, principal, action, object, data, trace }: AuditRow) {
  return { seq, at, principal, action, object, data, trace };
}

/**
 * Brings home one batch of what has changed. Gives whether there was any.
 *
 * @throws what the centre answers, fabric.edge_centre_unreachable
 */
export async function uploadOnce(options: UploadOptions): Promise<boolean> {
  const { store, link, outgoing, onRefused } = options;
  const { batch, taken, sent, upTo } = await nextBatch(options);
  if (taken.length === 0 && upTo === sent) return false;
  const { refused } = await link.ask<Answer>('POST', '/edge/merge', batch);
  if (refused.length > 0) onRefused(refused);
  const settled = taken.filter((line) => outgoing.isSettled(line));
  await store.commit({
    rows: [
      ...settled.map(({ id }) => ({ op: 'delete', table: 'edge_outgoing', id }) as const),
      { op: 'put', table: 'settings', row: { id: SENT_AUDIT, value: upTo, rev: 1 } },
    ],
  });
  return true;
}
