import { STANDING_STATES } from '@counterpoint/actions';
import type { InboxStatus, Reader, RunStatus, TableName, TallyGroup } from '@counterpoint/events';
import { UNOWNED_CASE } from './matters.ts';
import { countsIn, dayOf, type Stretch, weekOf } from './slices.ts';
import { acknowledgedSince, spreadOf } from './spread.ts';

const HOUR = 3_600_000;
const LIVE: readonly RunStatus[] = ['queued', 'running', 'waiting'];
const DECIDED: readonly InboxStatus[] = ['approved', 'denied', 'answered'];
const ENDED = ['succeeded', 'failed', 'cancelled'] as const;

function total(groups: readonly TallyGroup[], holds: (values: TallyGroup['values']) => boolean = () => true): number {
  return groups.reduce((sum, { values, count }) => (holds(values) ? sum + count : sum), 0);
}

/** When the oldest row of those was created; null: there is none. */
async function oldest<Table extends 'alerts' | 'inbox_items'>(
  reader: Reader,
  table: Table,
  status: 'new' | 'open',
): Promise<number | null> {
  const query = { where: { status }, orderBy: [{ column: 'created_at' }], limit: 1 } as const;
  const [row] = await reader.find(table as 'alerts', query as never);
  return row?.created_at ?? null;
}

/** Runs now, and how they ended over a day and a week. */
export async function runFigures(reader: Reader, now: number) {
  const day = dayOf(now);
  const week = weekOf(now);
  const live = await reader.tally('runs', { where: { status: { in: LIVE }, site: '' }, by: ['status', 'paused'] });
  const ended = await reader.tally('runs', {
    where: { ended_at: { gte: Math.min(day.from, week.from) } },
    by: ['status'],
    slice: { column: 'ended_at', width: day.width },
  });
  const slices = (stretch: Stretch) => {
    const [succeeded = [], failed = [], cancelled = []] = ENDED.map((status) =>
      countsIn(
        stretch,
        ended.filter(({ values }) => values[0] === status),
      ),
    );
    return {
      width: stretch.width,
      slices: stretch.starts.map((at, index) => ({
        at,
        succeeded: succeeded[index] ?? 0,
        failed: failed[index] ?? 0,
        cancelled: cancelled[index] ?? 0,
      })),
    };
  };
  return {
    live: total(live),
    waiting: total(live, ([status]) => status === 'waiting'),
    paused: total(live, ([, paused]) => paused === true),
    day: slices(day),
    week: slices(week),
  };
}

/** Alerts that nobody has taken up, and how many came. */
export async function alertFigures(reader: Reader, now: number) {
  const day = dayOf(now);
  const week = weekOf(now);
  const created = await reader.tally('alerts', {
    where: { created_at: { gte: Math.min(day.from, week.from) } },
    slice: { column: 'created_at', width: day.width },
  });
  const slices = (stretch: Stretch) => {
    const counts = countsIn(stretch, created);
    return { width: stretch.width, slices: stretch.starts.map((at, index) => ({ at, count: counts[index] ?? 0 })) };
  };
  return {
    fresh: await reader.count('alerts', { status: 'new' }),
    oldest: await oldest(reader, 'alerts', 'new'),
    day: slices(day),
    week: slices(week),
    acknowledge: await acknowledgedSince(reader, 'alerts', week.from),
    resolve: await spreadOf(reader, 'alerts', { resolved_at: { gte: week.from } }, 'resolve_ms'),
  };
}

/** The mean time between two columns of the rows in these groups; null when there are none. */
function mean(groups: readonly TallyGroup[]) {
  const count = total(groups);
  if (count === 0) return null;
  const between = groups.reduce((sum, { sums: [from = 0, to = 0] }) => sum + to - from, 0);
  return { count, mean: Math.max(0, Math.round(between / count)) };
}

/** How long people take: from being asked to deciding, and from a case's opening to taking it in hand and to its closing. */
export async function timeFigures(reader: Reader, now: number) {
  const since = weekOf(now).from;
  const decided = await reader.tally('inbox_items', {
    where: { status: { in: DECIDED }, decided_at: { gte: since } },
    sum: ['created_at', 'decided_at'],
  });
  const acknowledge = await acknowledgedSince(reader, 'cases', since);
  const close = await spreadOf(reader, 'cases', { closed_at: { gte: since } }, 'resolve_ms');
  const open_cases = await reader.count('cases', { status: { in: ['open', 'in_progress'] } });
  const unowned_cases = await reader.count('cases', UNOWNED_CASE);
  return { decide: mean(decided), acknowledge, close, open_cases, unowned_cases };
}

/** What waits for people. */
export async function approvalFigures(reader: Reader) {
  const open = await reader.count('inbox_items', { status: 'open' });
  const [next] = await reader.find('inbox_items', {
    where: { status: 'open', due_at: { not: null } },
    orderBy: [{ column: 'due_at' }],
    limit: 1,
  });
  return { open, oldest: await oldest(reader, 'inbox_items', 'open'), due: next?.due_at ?? null };
}

/** Changes in force, by class. */
export async function effectFigures(reader: Reader, now: number) {
  const where = { state: { in: STANDING_STATES }, undo_of: '', ended_at: null } as const;
  const groups = await reader.tally('effects', { where, by: ['effect'] });
  const ending = await reader.count('effects', { ...where, lease_until: { lte: now + HOUR } });
  return { in_force: groups.map(({ values, count }) => ({ class: String(values[0]), count })), ending };
}

const minutesOf = (groups: readonly TallyGroup[]) => {
  const sum = (simulated: boolean | undefined) =>
    groups.reduce(
      (all, { values, sums }) => (simulated === undefined || values[0] === simulated ? all + (sums[0] ?? 0) : all),
      0,
    );
  return { minutes: sum(undefined), simulated: sum(true) };
};

/** Where the counting of saved minutes has come to: the setting that the server keeps. */
export const SAVINGS_SETTING = 'savings';

/** Minutes saved over a day, a week and in all, and by what. */
export async function savedFigures(reader: Reader, now: number) {
  const table = 'savings' satisfies TableName;
  const since = (from: number) =>
    reader.tally(table, { where: { hour: { gte: from } }, by: ['simulated'], sum: ['minutes'] });
  const top = await reader.tally(table, {
    where: { hour: { gte: weekOf(now).from } },
    by: ['playbook', 'action'],
    sum: ['steps', 'minutes'],
  });
  const standing = (await reader.get('settings', SAVINGS_SETTING))?.value as { readonly at?: number } | undefined;
  return {
    day: minutesOf(await since(dayOf(now).from)),
    week: minutesOf(await since(weekOf(now).from)),
    total: minutesOf(await since(0)),
    upto: standing?.at || null,
    top: top
      .map(({ values: [playbook, action], sums: [steps = 0, minutes = 0] }) => ({
        ...{ playbook: String(playbook), action: String(action), steps, minutes },
      }))
      .toSorted((a, b) => b.minutes - a.minutes || (a.action < b.action ? -1 : 1))
      .slice(0, 8),
  };
}
