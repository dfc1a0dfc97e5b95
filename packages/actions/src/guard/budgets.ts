import { formatDuration, type JsonObject, sha256 } from '@counterpoint/core';
import type { EffectClass, Reader, RowWrite, SettingRow } from '@counterpoint/events';
import type { Budget } from './policy.ts';

/** What budgets have to say to an effect. */
export interface Spending {
  /** The first budget that has nothing left, in words; undefined when all have. */
  readonly spent: string | undefined;
  /** Takes one of each budget; to be committed with the effect, and conflicts when another one takes the same. */
  readonly writes: readonly RowWrite[];
}

/** Where the places of all budgets are kept among the settings. */
const PLACES = 'guard.budget/';

/**
 * Takes a place in every budget that an effect falls under. A budget has `max` places, each taken for `per`
 * milliseconds; two effects at the same moment cannot take the same one, so that never more than `max` begin within any
 * such time. The same key takes one place, however often it is tried.
 */
export async function spend(
  reader: Reader,
  budgets: readonly Budget[],
  effect: { readonly action: string; readonly effect: EffectClass; readonly key: string },
  now: number,
): Promise<Spending> {
  const writes: RowWrite[] = [];
  for (const budget of budgets) {
    if (budget.of !== effect.effect && budget.of !== effect.action) continue;
    const taken = await takePlace(reader, budget, effect.key, now);
    if (taken === undefined) return { spent: inWords(budget), writes: [] };
    writes.push(...taken);
  }
  return { spent: undefined, writes };
}

/** A budget in words: "20 times contain within 1 h". */
function inWords({ of, max, per }: Budget): string {
  return `${max} times ${of} within ${formatDuration(per)}`;
}

/** The write that takes a place, none when the key has one already; undefined when all are taken. */
async function takePlace(
  reader: Reader,
  budget: Budget,
  key: string,
  now: number,
): Promise<readonly RowWrite[] | undefined> {
  const prefix = `${PLACES}${budget.of}/${budget.per}/`;
  const rows = await reader.find('settings', { where: { id: { prefix } }, limit: MOST });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const taken = rows.filter((row) => isTaken(row, budget, now));
  if (taken.some((row) => placeOf(row).key === key)) return [];
  // The budget may have been larger when some of them were taken.
  if (taken.length >= budget.max) return undefined;
  // Effects that come together begin to look at different places, so that they seldom want the same one.
  const start = Number.parseInt(sha256(key).slice(0, 8), 16);
  for (let step = 0; step < budget.max; step++) {
    const id = `${prefix}${(start + step) % budget.max}`;
    const row = byId.get(id);
    if (row && isTaken(row, budget, now)) continue;
    const next: SettingRow = { id, value: { at: now, key }, rev: (row?.rev ?? 0) + 1 };
    return [{ op: row ? 'update' : 'insert', table: 'settings', row: next }];
  }
  return undefined;
}

/** The most places that a budget can have, by the form of the policy. */
const MOST = 1_000;

function placeOf(row: SettingRow): { readonly at: number; readonly key: string } {
  const { at, key } = row.value as JsonObject;
  return { at: Number(at), key: String(key) };
}

function isTaken(row: SettingRow, { per }: Budget, now: number): boolean {
  return placeOf(row).at + per > now;
}
