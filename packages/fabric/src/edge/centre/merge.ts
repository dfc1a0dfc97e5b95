import type { EdgeBatch } from '@counterpoint/contracts';
import { type CounterpointError, isCounterpointError, type Json, newTraceId, sha256 } from '@counterpoint/core';
import { countLater } from '@counterpoint/engine';
import {
  type AuditEntry,
  type Change,
  type EventEnvelope,
  mergeChanges,
  type RowWrite,
  type RunRow,
} from '@counterpoint/events';
import { serverTopics } from '../../graph/server-topics.ts';
import type { Participant } from '../../participants/participant.ts';
import { isReservedTopic, mayPublish } from '../../participants/rights.ts';
import { outcomeId } from '../../reactions/outcome-row.ts';
import { isClaimOf, isOfNode } from '../effect-ids.ts';
import { auditSetting, type EdgeCentreOptions, type Merged } from './centre.ts';

type Parts = Pick<EdgeCentreOptions, 'store' | 'clock' | 'plans' | 'participants' | 'checkEvent'>;
type Table = 'events' | 'runs' | 'effects' | 'claims' | 'reaction_events';

/** One row on its way: what it changes here, or why it is refused. */
type Judged = { readonly table: Table; readonly id: string } & (
  | { readonly change: Change }
  | { readonly refused: string }
);

interface Merging {
  readonly parts: Parts;
  readonly node: string;
  readonly batch: EdgeBatch;
}

const CONFLICT = 'events.conflict';
const FENCED = 'events.fenced';
const NOTHING: Change = {};

const put = (write: RowWrite): Change => ({ rows: [write] });

/** Nobody but its reactions and itself acts on a node; whoever else it names is taken for the node. */
function principalOf(node: string, principal: string): string {
  return principal.startsWith('reaction:') ? principal : `participant:${node}`;
}

/** A participant of the node's site, in whose name it speaks; undefined when it is none. */
function ofSite({ participants }: Parts, node: string, id: string): Participant | undefined {
  const [own, speaker] = [participants.get(node), participants.get(id)];
  return speaker?.kind === 'token' && own !== undefined && speaker.site === own.site ? speaker : undefined;
}

async function judgeEvent({ parts, node }: Merging, event: EdgeBatch['events'][number]): Promise<Judged> {
  const of = { table: 'events', id: event.id } as const;
  const standing = await parts.store.get('outbox', event.id);
  if (standing) {
    return standing.participant === node || ofSite(parts, node, standing.participant)
      ? { ...of, change: NOTHING }
      : { ...of, refused: 'an event of somebody else has the id' };
  }
  if (isReservedTopic(event.type) || Object.hasOwn(serverTopics, event.type)) {
    return { ...of, refused: `only the server speaks on ${event.type}` };
  }
  const problem: CounterpointError | undefined = parts.checkEvent(event.type, event.data);
  if (problem) return { ...of, refused: problem.message };
  if (Number.isNaN(Date.parse(event.time))) return { ...of, refused: 'its time is none' };
  const speaker = ofSite(parts, node, event.participant);
  if (speaker && !mayPublish(speaker, event.type)) return { ...of, refused: `${speaker.id} may not publish there` };
  const participant = speaker?.id ?? node;
  const envelope: EventEnvelope = {
    ...event,
    participant,
    source: `/participants/${participant}`,
    principal: speaker ? `participant:${participant}` : principalOf(node, event.principal),
  };
  return { ...of, change: { events: [envelope] } };
}

/** The blobs of a run, and that it refers to them. Undefined: one is not what its id says. */
function blobWrites(run: string, blobs: EdgeBatch['runs'][number]['blobs'], now: number): RowWrite[] | undefined {
  const writes: RowWrite[] = [];
  for (const { id, bytes: text } of blobs) {
    const bytes = new Uint8Array(Buffer.from(text, 'base64'));
    if (sha256(bytes) !== id) return undefined;
    writes.push(
      { op: 'ensure', table: 'blobs', row: { id, bytes, size: bytes.length, created_at: now } },
      { op: 'ensure', table: 'blob_refs', row: { id: `${id}|${run}`, run, blob: id, at: now } },
    );
  }
  return writes;
}

async function judgeRun({ parts, node }: Merging, { row, journal, blobs }: EdgeBatch['runs'][number]): Promise<Judged> {
  const { store, clock } = parts;
  const of = { table: 'runs', id: row.id } as const;
  const standing = await store.get('runs', row.id);
  if (standing) {
    return standing.site === node
      ? { ...of, change: NOTHING }
      : { ...of, refused: 'a run of somebody else has the id' };
  }
  const playbook = await store.get('playbooks', row.playbook);
  if (playbook?.kind !== 'reaction') return { ...of, refused: `there is no reaction ${row.playbook}` };
  if (journal.some((entry) => entry.run !== row.id)) return { ...of, refused: 'its journal is that of another run' };
  const rows = blobWrites(row.id, blobs, clock.now());
  if (!rows) return { ...of, refused: 'a value is not what its id says' };
  const copy: RunRow = {
    ...row,
    principal: principalOf(node, row.principal),
    site: node,
    // A reaction that reacted here before it was given to the site may have acted on the same event.
    trigger_key: `${node}|${row.trigger_key}`,
    ...{ owner: '', lease_until: 0, paused: false, case_id: null },
  };
  return {
    ...of,
    change: { runs: [{ op: 'create', row: copy }], journal, rows: [...rows, countLater(copy.id, clock.now())] },
  };
}

/** Whether an effect is one of the node's: it is here as such, or comes with this batch. */
async function isOwnEffect({ parts, node, batch }: Merging, id: string): Promise<boolean> {
  const standing = await parts.store.get('effects', id);
  if (standing) return standing.site === node;
  return batch.effects.some((one) => one.id === id && isOfNode(node, one, one.after));
}

async function judgeEffect(merging: Merging, sent: EdgeBatch['effects'][number]): Promise<Judged> {
  const { parts, node } = merging;
  const { after, ...row } = sent;
  const of = { table: 'effects', id: row.id } as const;
  const [standing, run] = await Promise.all([parts.store.get('effects', row.id), parts.store.get('runs', row.run)]);
  if (standing && standing.site !== node) return { ...of, refused: 'an effect of somebody else has the id' };
  if (run && run.site !== node) return { ...of, refused: `the run ${row.run} is not its own` };
  if (!standing && !isOfNode(node, row, after))
    return { ...of, refused: 'its id or key is not one that this node makes' };
  if (row.undo_of !== '' && !(await isOwnEffect(merging, row.undo_of))) {
    return { ...of, refused: `the effect ${row.undo_of} is not its own` };
  }
  if (standing && standing.rev >= row.rev) return { ...of, change: NOTHING };
  const copy = { ...row, principal: principalOf(node, row.principal), site: node, wake_at: null };
  return { ...of, change: put({ op: 'put', table: 'effects', row: copy }) };
}

async function judgeClaim(merging: Merging, row: EdgeBatch['claims'][number]): Promise<Judged> {
  const { parts, node } = merging;
  const of = { table: 'claims', id: row.id } as const;
  if (!(await isOwnEffect(merging, row.effect))) return { ...of, refused: `the effect ${row.effect} is not its own` };
  if (!isClaimOf(row)) return { ...of, refused: 'its id is not one of a claim of the effect' };
  const standing = await parts.store.get('claims', row.id);
  if (standing && standing.effect !== row.effect) return { ...of, refused: 'a claim of another effect has the id' };
  if (standing && standing.rev >= row.rev) return { ...of, change: NOTHING };
  const copy = { ...row, principal: principalOf(node, row.principal) };
  return { ...of, change: put({ op: 'put', table: 'claims', row: copy }) };
}

async function judgeOutcome({ parts, node }: Merging, row: EdgeBatch['reaction_events'][number]): Promise<Judged> {
  const of = { table: 'reaction_events', id: row.id } as const;
  const { plan } = (await parts.plans.current(row.reaction).catch(() => undefined)) ?? {};
  const site = parts.participants.get(node)?.site;
  if (!plan?.reaction || plan.reaction.site !== site) return { ...of, refused: `${row.reaction} does not run there` };
  if (row.outcome === 'held') return { ...of, refused: 'what is held is decided where it is held' };
  if (row.id !== outcomeId(row.reaction, row.event))
    return { ...of, refused: 'its id is not that of reaction and event' };
  const standing = await parts.store.get('reaction_events', row.id);
  if (standing && (standing.reaction !== row.reaction || standing.event !== row.event)) {
    return { ...of, refused: 'what became of another event has the id' };
  }
  if (standing && standing.rev >= row.rev) return { ...of, change: NOTHING };
  return { ...of, change: put({ op: 'put', table: 'reaction_events', row }) };
}

/** Lines of the node's audit log that are new here, told as the node's. */
async function auditOf({ parts, node, batch }: Merging) {
  const setting = auditSetting(node);
  const standing = await parts.store.get('settings', setting);
  const last = typeof standing?.value === 'number' ? standing.value : 0;
  const fresh = batch.audit.filter(({ seq }) => seq > last).sort((a, b) => a.seq - b.seq);
  const upTo = fresh.at(-1)?.seq ?? last;
  if (fresh.length === 0) return { upTo, change: NOTHING };
  const audit = fresh.map(({ seq, at, principal, action, object, data, trace }): AuditEntry => {
    const said: Json = { edge: node, seq, principal, data };
    return { at, principal: `participant:${node}`, action, object, data: said, trace };
  });
  const row = { id: setting, value: upTo, rev: (standing?.rev ?? 0) + 1 };
  return { upTo, change: { rows: [{ op: standing ? 'update' : 'insert', table: 'settings', row }], audit } as Change };
}

async function commitEach({ parts }: Merging, judged: readonly Judged[]): Promise<Judged[]> {
  const done: Judged[] = [];
  for (const one of judged) {
    if (!('change' in one)) continue;
    try {
      await parts.store.commit(one.change);
    } catch (error) {
      if (!isCounterpointError(error, CONFLICT) && !isCounterpointError(error, FENCED)) throw error;
      done.push({ table: one.table, id: one.id, refused: 'it conflicts with what is here' });
    }
  }
  return done;
}

/** Takes one batch of a node; one at a time for each. */
export async function mergeBatch(parts: Parts, node: string, batch: EdgeBatch): Promise<Merged> {
  const merging: Merging = { parts, node, batch };
  const judged = await Promise.all([
    ...batch.runs.map((one) => judgeRun(merging, one)),
    ...batch.events.map((one) => judgeEvent(merging, one)),
    ...batch.effects.map((one) => judgeEffect(merging, one)),
    ...batch.claims.map((one) => judgeClaim(merging, one)),
    ...batch.reaction_events.map((one) => judgeOutcome(merging, one)),
  ]);
  const audit = await auditOf(merging);
  const changes = judged.flatMap((one) => ('change' in one ? [one.change] : []));
  let late: Judged[] = [];
  try {
    await parts.store.commit(mergeChanges(...changes, audit.change));
  } catch (error) {
    if (!isCounterpointError(error, CONFLICT) && !isCounterpointError(error, FENCED)) throw error;
    // One of them stands in the way of all: one by one it is found which.
    late = await commitEach(merging, judged);
    await parts.store.commit(audit.change);
  }
  const refused = [...judged, ...late].flatMap((one) =>
    'refused' in one ? [{ table: one.table, id: one.id, reason: one.refused }] : [],
  );
  if (refused.length > 0) await noteRefused(merging, refused);
  return { refused, audit: audit.upTo };
}

async function noteRefused({ parts, node }: Merging, refused: Merged['refused']): Promise<void> {
  const at = parts.clock.now();
  const audit = refused.slice(0, 50).map(
    ({ table, id, reason }): AuditEntry => ({
      at,
      principal: `participant:${node}`,
      action: 'edge.merge_refused',
      object: `participant:${node}`,
      data: { table, id, reason },
      trace: newTraceId(at),
    }),
  );
  await parts.store.commit({ audit });
}
