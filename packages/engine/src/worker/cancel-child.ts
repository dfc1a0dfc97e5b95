import { type AuditEntry, type RowWrite, signalWrite } from '@counterpoint/events';
import type { ActiveRun } from './active-run.ts';

/** What tells a called run, wherever it is, that nobody waits for it any more. */
export function cancelChild(
  { row: { id, principal, trace } }: ActiveRun,
  child: string,
  at: number,
): { readonly write: RowWrite; readonly entry: AuditEntry } {
  const reason = `the run that called it, ${id}, does not wait any more`;
  const happening = { kind: 'cancel', principal, reason };
  const entry = { at, principal, action: 'run.cancelled', object: `run:${child}`, data: { reason }, trace };
  return { write: signalWrite(child, `cancel:${id}:${child}`, happening, at), entry };
}
