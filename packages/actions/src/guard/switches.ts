import type { CounterpointError } from '@counterpoint/core';
import type { Change, Reader, SwitchRow } from '@counterpoint/events';
import { guardErrors } from '../errors.ts';

/** The switch that stops everything new. */
export const GLOBAL_SWITCH = 'global';
/** The switch that stops undoing too: leases end, but nothing is sent. */
export const UNDO_SWITCH = 'undo';

/** The switch of one connector. */
export function connectorSwitch(connector: string): string {
  return `connector:${connector}`;
}

/**
 * The refusal of the first engaged switch among `ids`; undefined when none is. Always read from the store, so that a
 * switch that any process engaged counts at once.
 */
export async function engagedSwitch(reader: Reader, ids: readonly string[]): Promise<CounterpointError | undefined> {
  const [row] = await reader.find('switches', { where: { id: { in: ids }, engaged: true }, limit: 1 });
  return row && guardErrors.switch_engaged({ scope: row.id, reason: row.reason || 'no reason given' });
}

/** Engages or releases a switch. The audit entry is part of the change. */
export async function setSwitch(
  reader: Reader,
  wish: Pick<SwitchRow, 'id' | 'engaged' | 'reason' | 'principal' | 'at'> & { readonly trace: string },
): Promise<Change> {
  const { id, engaged, reason, principal, at, trace } = wish;
  const standing = await reader.get('switches', id);
  const row: SwitchRow = { id, engaged, reason, principal, at, rev: (standing?.rev ?? 0) + 1 };
  const action = engaged ? 'switch.engaged' : 'switch.released';
  return {
    rows: [{ op: standing ? 'update' : 'insert', table: 'switches', row }],
    audit: [{ at, principal, action, object: `switch:${id}`, data: { reason }, trace }],
  };
}
