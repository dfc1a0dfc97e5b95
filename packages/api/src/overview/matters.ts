import type { EffectState, Reader, TableName } from '@counterpoint/events';
import { dayOf } from './slices.ts';
import type { ConnectionView, SourceView } from './standing.ts';

/** Something that needs somebody. */
export interface Matter {
  readonly kind:
    | 'switch_engaged'
    | 'approvals_open'
    | 'outcome_unknown'
    | 'undo_failed'
    | 'storm'
    | 'account_broken'
    | 'connection_failing'
    | 'dead_letters'
    | 'runs_failed'
    | 'source_silent'
    | 'alerts_waiting'
    | 'cases_waiting';
  readonly urgency: 'now' | 'soon' | 'note';
  readonly count: number;
  readonly since: number | null;
  readonly ids: string[];
  readonly detail: string;
}

const HOUR = 3_600_000;
const SHOWN = 5;
const MANY = 500;
/** A severity from which an alert is not left lying: high. */
const HIGH = 4;

/** A case that nobody works on. */
export const UNOWNED_CASE = { status: 'open', owner: null } as const;

interface Found {
  readonly id: string;
  readonly at: number;
  readonly detail: string;
}

function matter(
  kind: Matter['kind'],
  urgency: Matter['urgency'],
  found: readonly Found[],
  count = found.length,
): Matter[] {
  if (count === 0) return [];
  const [first] = found;
  const since = found.length === 0 ? null : Math.min(...found.map(({ at }) => at));
  return [{ kind, urgency, count, since, ids: found.slice(0, SHOWN).map(({ id }) => id), detail: first?.detail ?? '' }];
}

/** Kill switches, unknown outcomes, undos that failed. */
export async function effectMatters(reader: Reader): Promise<Matter[]> {
  const switches = await reader.find('switches', { where: { engaged: true }, limit: MANY });
  const inState = async (kind: Matter['kind'], state: EffectState) => {
    // An undo of unknown outcome is told by what it should have ended, which is still there to be dealt with.
    const where = { state, undo_of: '', ended_at: null };
    const rows = await reader.find('effects', { where, orderBy: [{ column: 'created_at' }], limit: SHOWN });
    const found = rows.map((row) => ({
      id: row.id,
      at: row.created_at,
      detail: `${row.connector}.${row.action}${row.target === '' ? '' : ` · ${row.target}`}`,
    }));
    return matter(kind, 'now', found, rows.length < SHOWN ? rows.length : await reader.count('effects', where));
  };
  return [
    ...matter(
      'switch_engaged',
      'now',
      switches.map(({ id, at, reason }) => ({ id, at, detail: reason })),
    ),
    ...(await inState('outcome_unknown', 'unknown')),
    ...(await inState('undo_failed', 'undo_failed')),
  ];
}

/** Approvals and questions; urgent when the oldest waits for half an hour or the first is due within an hour. */
export async function inboxMatters(reader: Reader, now: number): Promise<Matter[]> {
  const where = { status: 'open' } as const;
  const rows = await reader.find('inbox_items', { where, orderBy: [{ column: 'created_at' }], limit: SHOWN });
  const due = await reader.count('inbox_items', { ...where, due_at: { lte: now + HOUR } });
  const [first] = rows;
  const pressing = due > 0 || (first !== undefined && now - first.created_at > HOUR / 2);
  const found = rows.map(({ id, created_at, text }) => ({ id, at: created_at, detail: text }));
  const count = rows.length < SHOWN ? rows.length : await reader.count('inbox_items', where);
  return matter('approvals_open', pressing ? 'now' : 'soon', found, count);
}

/** Runs that failed in the last 24 hours: the same runs as the chart of the day counts. */
export async function runMatters(reader: Reader, now: number): Promise<Matter[]> {
  const where = { status: 'failed', ended_at: { gte: dayOf(now).from } } as const;
  const orderBy = [{ column: 'ended_at' }] as const;
  const rows = await reader.find('runs', { where, orderBy, limit: SHOWN });
  const found = rows.map((row) => ({ id: row.id, at: row.ended_at ?? row.created_at, detail: row.playbook }));
  const count = rows.length < SHOWN ? rows.length : await reader.count('runs', where);
  return matter('runs_failed', 'soon', found, count);
}

/** Alerts of high severity that nobody has taken up for an hour. */
export async function alertMatters(reader: Reader, now: number): Promise<Matter[]> {
  const where = { status: 'new', severity: { gte: HIGH }, created_at: { lt: now - HOUR } } as const;
  const rows = await reader.find('alerts', { where, orderBy: [{ column: 'created_at' }], limit: SHOWN });
  const found = rows.map(({ id, created_at, title }) => ({ id, at: created_at, detail: title }));
  const count = rows.length < SHOWN ? rows.length : await reader.count('alerts', where);
  return matter('alerts_waiting', 'soon', found, count);
}

/** Cases of high severity that are nobody's for an hour: the alerts that a playbook put into them wait there. */
export async function caseMatters(reader: Reader, now: number): Promise<Matter[]> {
  const where = { ...UNOWNED_CASE, severity: { gte: HIGH }, created_at: { lt: now - HOUR } } as const;
  const rows = await reader.find('cases', { where, orderBy: [{ column: 'created_at' }], limit: SHOWN });
  const found = rows.map(({ id, created_at, title }) => ({ id, at: created_at, detail: title }));
  const count = rows.length < SHOWN ? rows.length : await reader.count('cases', where);
  return matter('cases_waiting', 'soon', found, count);
}

/** Storms and dead letters. */
export async function fabricMatters(reader: Reader): Promise<Matter[]> {
  const breakers = await reader.find('breakers', { where: { state: 'open' }, limit: MANY });
  const storms = breakers.map(({ id, at, reason }) => ({ id, at, detail: reason }));
  const dead = { state: 'dead' } as const;
  const letters = await reader.find('deliveries' satisfies TableName, {
    where: dead,
    orderBy: [{ column: 'at' }],
    limit: SHOWN,
  });
  const found = letters.map(({ id, at, topic, error }) => ({ id, at, detail: `${topic}: ${error}` }));
  const count = letters.length < SHOWN ? letters.length : await reader.count('deliveries', dead);
  return [...matter('storm', 'now', storms), ...matter('dead_letters', 'soon', found, count)];
}

/** Sources whose account does not add up, and real ones that went silent. */
export function sourceMatters(sources: readonly SourceView[], now: number): Matter[] {
  const found = (some: readonly SourceView[]) =>
    some.map(({ id, title, last_at }) => ({ id, at: last_at ?? now, detail: title }));
  const broken = sources.filter(({ missing }) => missing > 0);
  const silent = sources.filter(({ state, simulated }) => state === 'silent' && !simulated);
  return [...matter('account_broken', 'now', found(broken)), ...matter('source_silent', 'soon', found(silent))];
}

/** Connections that fail. */
export function connectionMatters(connections: readonly ConnectionView[]): Matter[] {
  const failing = connections.filter(({ state }) => state === 'failing');
  return matter(
    'connection_failing',
    'soon',
    failing.map(({ id, at, title }) => ({ id, at, detail: title })),
  );
}

const RANK = { now: 0, soon: 1, note: 2 } as const;

/** The most urgent first; among equals as they were given. */
export function byUrgency(matters: readonly Matter[]): Matter[] {
  return matters.toSorted((a, b) => RANK[a.urgency] - RANK[b.urgency]);
}
