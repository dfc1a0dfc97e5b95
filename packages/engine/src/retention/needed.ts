import type { EffectRow, EffectState, Reader, RunRow } from '@counterpoint/events';
import { parseStepReference } from '../worker/causality.ts';
import { hasEnded } from '../worker/own.ts';

/** Something about it is still open, or failed to come to its end. */
const UNSETTLED: readonly EffectState[] = ['intended', 'held', 'pending', 'unknown', 'undoing', 'undo_failed'];

const PAGE = 500;

/**
 * Why a run must stay, whatever its age; undefined when nothing needs it any more. It must while
 *
 * - it has not ended, or the run that called it or one that it called has not;
 * - one of its effects is unsettled, or stands and can still be undone, or a claim of its is open;
 * - a question to people about it is open, its case is, or it holds the place of a concurrency key;
 * - the event that started it is still being delivered, because the run is what keeps it from starting another.
 */
export async function whyNeeded(reader: Reader, run: RunRow): Promise<string | undefined> {
  if (!hasEnded(run)) return 'it has not ended';
  for (const [reason, holds] of reasons) if (await holds(reader, run)) return reason;
  return undefined;
}

type Reason = readonly [reason: string, holds: (reader: Reader, run: RunRow) => Promise<boolean>];

const reasons: readonly Reason[] = [
  ['a question about it is open', async (reader, { id }) => some(await openItems(reader, id))],
  ['a claim of it is open', async (reader, { id }) => some(await openClaims(reader, id))],
  ['an effect of it is not over', effectStands],
  ['the run that called it goes on', parentLives],
  ['a run that it called goes on', childLives],
  ['its case is open', caseIsOpen],
  ['it holds a place', async (reader, { id }) => (await reader.count('run_slots', { run: id })) > 0],
  ['its event is still being delivered', eventIsPending],
];

const some = (rows: readonly unknown[]): boolean => rows.length > 0;

const openItems = (reader: Reader, run: string) =>
  reader.find('inbox_items', { where: { run, status: 'open' }, limit: 1 });

const openClaims = (reader: Reader, run: string) =>
  reader.find('claims', { where: { holder: { prefix: `run:${run}/` }, ended_at: null }, limit: 1 });

async function effectStands(reader: Reader, { id }: RunRow): Promise<boolean> {
  for (let after: readonly string[] | undefined; ; ) {
    const rows: readonly EffectRow[] = await reader.find('effects', {
      where: { run: id },
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    if (rows.some(stands)) return true;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return false;
    after = [last.id];
  }
}

function stands({ state, ended_at, lease_until, wake_at, inverse, preexisting }: EffectRow): boolean {
  if (UNSETTLED.includes(state) || wake_at !== null) return true;
  const undoable = inverse !== null && !preexisting;
  return state === 'performed' && ended_at === null && (undoable || lease_until !== null);
}

async function parentLives(reader: Reader, { parent }: RunRow): Promise<boolean> {
  const reference = parseStepReference(parent);
  const row = reference && (await reader.get('runs', reference.run));
  return row !== undefined && !hasEnded(row);
}

async function childLives(reader: Reader, { id }: RunRow): Promise<boolean> {
  const where = { parent: { prefix: `run:${id}/` }, status: { in: ['queued', 'running', 'waiting'] } } as const;
  return some(await reader.find('runs', { where, limit: 1 }));
}

async function caseIsOpen(reader: Reader, { case_id }: RunRow): Promise<boolean> {
  const row = case_id === null ? undefined : await reader.get('cases', case_id);
  return row !== undefined && row.status !== 'closed';
}

/** Not in the log yet, or not dealt with by every consumer. */
async function eventIsPending(reader: Reader, { trigger_key }: RunRow): Promise<boolean> {
  const event = await reader.get('outbox', trigger_key.slice(trigger_key.indexOf('|') + 1));
  if (!event) return false;
  if (event.state === 'pending' || (await reader.count('deliveries', { event: event.id })) > 0) return true;
  return event.position !== null && (await reader.count('consumers', { position: { lt: event.position } })) > 0;
}
