import type { JsonObject } from '@counterpoint/core';
import type { RowWrite } from './change.ts';

/**
 * The write that hands a run something to decide about, for the commit of whatever is its reason. The engine of this
 * process hears of it at once, that of another one when it looks at the store again (within a second).
 *
 * @param id unique for what happened: a second signal with the same id is not written
 * @param happening a happening as the interpreter takes it, such as `{kind: 'decided', …}`
 * @param at Unix milliseconds
 */
export function signalWrite(
  run: string,
  id: string,
  happening: JsonObject & { readonly kind: string },
  at: number,
): RowWrite {
  return { op: 'ensure', table: 'signals', row: { id, run, kind: happening.kind, data: happening, at } };
}
