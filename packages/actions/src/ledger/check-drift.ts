import type { EffectRow } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { type ReadBack, readBack } from './read-back.ts';

const CURSOR = 'drift.cursor';
const AT_ONCE = 4;

/**
 * Reads back containments in force, in turn over several calls: each goes on where the one before ended, also over a
 * restart, and begins anew behind the last. Gives what drifted.
 *
 * @param limit how many effects one call reads back at most
 */
export async function checkDrift(
  context: DoorContext,
  limit: number,
  signal: AbortSignal,
): Promise<readonly ReadBack[]> {
  const { store } = context;
  const cursor = await store.get('settings', CURSOR);
  const after = typeof cursor?.value === 'string' ? cursor.value : '';
  const where = {
    state: 'performed',
    effect: 'contain',
    undo_of: '',
    ended_at: null,
    site: '',
    id: { gt: after },
  } as const;
  const rows = await store.find('effects', { where, limit });
  const findings: ReadBack[] = [];
  for (let index = 0; index < rows.length && !signal.aborted; index += AT_ONCE) {
    findings.push(...(await Promise.all(rows.slice(index, index + AT_ONCE).map((row) => check(context, row, signal)))));
  }
  const value = rows.length < limit ? '' : (rows.at(-1)?.id ?? '');
  const row = { id: CURSOR, value, rev: (cursor?.rev ?? 0) + 1 };
  await store.commit({ rows: [{ op: 'put', table: 'settings', row }] });
  return findings.filter(({ finding }) => finding === 'gone' || finding === 'changed');
}

function check(context: DoorContext, row: EffectRow, signal: AbortSignal): Promise<ReadBack> {
  // Only effects that were performed are asked after, so that there is nothing to settle.
  const settle = async (): Promise<void> => undefined;
  return readBack(context, row.id, settle, { principal: 'system' }, signal);
}
