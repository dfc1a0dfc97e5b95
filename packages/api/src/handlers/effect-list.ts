import { effectWords, releasedBy, STANDING_STATES, whyOfAll } from '@counterpoint/actions';
import { readObservable } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import type { EffectRow, Reader, Where } from '@counterpoint/events';
import { refang } from '@counterpoint/formats';
import type { ApiRequest } from '../handler-types.ts';
import { conditions, cursorBehind, pageRows } from '../paging.ts';
import { claimsView, effectView } from '../views.ts';
import type { EffectServices } from './effect-services.ts';

type ListQuery = ApiRequest<'listEffects'>['query'];

const MANY = 10_000;
/** How many effects are looked at for one page when words are looked for. */
const LOOKED_AT = 2_000;
const BATCH = 200;

/** The effects that a case and the runs that work for it made or claim. */
async function effectsOfCase(reader: Reader, id: string): Promise<readonly string[]> {
  const { effects } = await releasedBy(reader, { kind: 'case', case: id });
  return effects.map((effect) => effect.id);
}

/** The target that a text means, when it is exactly one observable, defanged or not. */
function targetOf(text: string): string | undefined {
  try {
    const { type, value } = readObservable(refang(text));
    return `${type}:${value}`;
  } catch (error) {
    if (isCounterpointError(error)) return undefined;
    throw error;
  }
}

function bool(flag: 'true' | 'false' | undefined): boolean | undefined {
  return flag === undefined ? undefined : flag === 'true';
}

function untilCondition({ until_before, lasting, sort }: ListQuery): Where<EffectRow>['lease_until'] {
  if (lasting === 'true') return null;
  if (until_before !== undefined) return { lt: until_before };
  return sort === 'ends' || lasting === 'false' ? { not: null } : undefined;
}

/** What is in force: it may stand in the world, and is not over. */
export const IN_FORCE = {
  state: { in: STANDING_STATES },
  undo_of: '',
  ended_at: null,
} as const satisfies Where<EffectRow>;

function whereOf(query: ListQuery, ids: readonly string[] | undefined, target: string | undefined): Where<EffectRow> {
  const state = query.state && { in: query.state };
  return conditions<EffectRow>({
    ...(query.in_force === 'true' ? { ...IN_FORCE, ...(state ? { state } : {}) } : { state }),
    ...(query.in_force === 'false' ? { ended_at: { not: null } } : {}),
    id: ids && { in: ids },
    run: query.run,
    target: query.target ?? target,
    connector: query.connector,
    connection: query.connection,
    effect: query.class && { in: query.class },
    lease_until: untilCondition(query),
    created_at: query.since === undefined ? undefined : { gte: query.since },
    site: query.site === 'here' ? '' : query.site,
    simulated: bool(query.simulated),
  });
}

/** Whether every word occurs in what an effect is about, or in its title. */
function holds(row: EffectRow, title: string, words: readonly string[]): boolean {
  const { action, connection, connector, target } = row;
  const text = `${title} ${action} ${action.replaceAll('_', ' ')} ${connection} ${connector} ${target}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

const ORDER = {
  newest: { column: 'created_at', key: 'id', ascending: false },
  ends: { column: 'lease_until', key: 'id', ascending: true },
} as const;

/** One page of effects in which every word occurs; `next` goes on behind the last one that was looked at. */
async function pageWithWords(
  context: EffectServices['context'],
  query: ListQuery,
  where: Where<EffectRow>,
  words: readonly string[],
): Promise<{ readonly rows: readonly EffectRow[]; readonly next: string | null }> {
  const order = ORDER[query.sort];
  const rows: EffectRow[] = [];
  let cursor = query.cursor;
  for (let looked = 0; looked < LOOKED_AT; looked += BATCH) {
    const page = await pageRows(context.store, 'effects', { limit: BATCH, cursor }, { ...order, where });
    const phrases = await effectWords(context, page.rows);
    for (const row of page.rows) {
      if (holds(row, phrases.title(row), words)) rows.push(row);
      if (rows.length === query.limit) {
        const last = page.next === null && row === page.rows.at(-1);
        return { rows, next: last ? null : cursorBehind(row, order) };
      }
    }
    if (page.next === null) return { rows, next: null };
    cursor = page.next;
  }
  return { rows, next: cursor ?? null };
}

/** Answers a page of effects with their open claims, what they are in words, and why they are there. */
export async function listEffects({ context }: Pick<EffectServices, 'context'>, query: ListQuery) {
  const { store } = context;
  const ids = query.case === undefined ? undefined : await effectsOfCase(store, query.case);
  if (ids?.length === 0) return { items: [], next: null };
  const target = query.q ? targetOf(query.q) : undefined;
  const words = query.q && target === undefined ? query.q.toLowerCase().split(/\s+/) : [];
  const where = whereOf(query, ids, target);
  const { rows, next } =
    words.length > 0
      ? await pageWithWords(context, query, where, words)
      : await pageRows(store, 'effects', query, { ...ORDER[query.sort], where });
  const of = rows.map((row) => row.id);
  const [open, phrases, why] = await Promise.all([
    of.length === 0 ? [] : store.find('claims', { where: { effect: { in: of }, ended_at: null }, limit: MANY }),
    effectWords(context, rows),
    whyOfAll(store, rows),
  ]);
  const claims = Map.groupBy(open, (claim) => claim.effect);
  const items = rows.map((row) => ({
    ...effectView(row),
    claims: claimsView(claims.get(row.id) ?? []),
    title: phrases.title(row),
    reversible: isReversible(row),
    why: [...(why.get(row.id) ?? [])],
  }));
  return { items, next };
}

/** Whether an undo has something to send to the product. */
export function isReversible({ inverse, preexisting }: EffectRow): boolean {
  return inverse !== null && !preexisting;
}
