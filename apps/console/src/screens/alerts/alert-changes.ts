import type { CallArguments, CallResult } from '@counterpoint/sdk';

/** A row of the queue. */
export type Alert = CallResult<'listAlerts'>['items'][number];
/** What alerts are to be changed to. */
export type Wish = CallArguments<'updateAlerts'>['body'];
/** What became of it, for each. */
export type Outcome = CallResult<'updateAlerts'>;

const STATUS_WORDS = { new: 'new again', in_progress: 'in progress', suppressed: 'suppressed', resolved: 'resolved' };

/** What became of a wish to change alerts, in one sentence: `3 alerts resolved; 1 was not: There is no alert x.` */
export function changedWords({ items }: Outcome, { status, verdict, case: target }: Wish): string {
  const failed = items.filter(({ error }) => error !== null);
  const done = items.length - failed.length;
  const what = [
    status && STATUS_WORDS[status],
    verdict && (verdict === 'unknown' ? 'without a verdict' : verdict),
    target === null ? 'taken out of the case' : undefined,
    target ? 'put into the case' : undefined,
  ].filter((part) => part !== undefined);
  const first = failed[0]?.error?.message ?? '';
  const rest = failed.length === 0 ? '' : `; ${failed.length} ${failed.length === 1 ? 'was' : 'were'} not: ${first}`;
  return `${done.toLocaleString('en')} ${done === 1 ? 'alert' : 'alerts'} ${what.join(', ')}${rest}`;
}

/** The server changes no more than so many alerts with one call. */
const AT_ONCE = 500;

/** A wish about any number of alerts, in parts that the server takes. */
export function inParts(wish: Wish): readonly Wish[] {
  const parts = Math.ceil(wish.ids.length / AT_ONCE);
  return Array.from({ length: parts }, (_, at) => ({ ...wish, ids: wish.ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE) }));
}

/**
 * The calls that bring back what alerts were before a change: one for all that were alike, naming only what was changed. A
 * verdict or a case changes the status of new ones, too.
 */
export function takenBack({ items }: Outcome, wish: Wish): readonly Wish[] {
  const groups = new Map<string, { ids: string[]; back: Omit<Wish, 'ids'> }>();
  for (const { id, previous, status } of items) {
    if (previous === null) continue;
    const back = {
      ...((wish.status !== undefined || status !== previous.status) && { status: previous.status }),
      ...(wish.verdict !== undefined && { verdict: previous.verdict }),
      ...(wish.case !== undefined && { case: previous.case }),
      reason: 'taken back',
    };
    const key = JSON.stringify(back);
    const group = groups.get(key) ?? { ids: [], back };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ids, back }) => ({ ids, ...back }));
}

/** What one alert is now after a change that was made here. */
export type OwnChange = Partial<Pick<Alert, 'status' | 'verdict' | 'case_id'>> & { readonly id: string };

/** What the changed alerts are now. */
export function ownChanges({ items }: Outcome, { verdict, case: target }: Wish): readonly OwnChange[] {
  const now = {
    ...(verdict !== undefined && { verdict }),
    ...(target !== undefined && { case_id: target }),
  };
  return items.flatMap(({ id, status }) => (status === null ? [] : [{ id, status, ...now }]));
}

/** What a notice of the stream says of an alert. */
export type AlertNotice = Partial<Pick<Alert, 'status' | 'verdict' | 'count'>> & {
  readonly id: string;
  /** It has just come in. */
  readonly fresh?: boolean;
};

/** Reads a notice; undefined when it names no alert. */
export function alertNotice(data: Readonly<Record<string, unknown>>): AlertNotice | undefined {
  const { id, status, verdict, count, rev } = data;
  if (typeof id !== 'string') return undefined;
  return {
    id,
    ...(typeof status === 'string' && { status: status as Alert['status'] }),
    ...(typeof verdict === 'string' && { verdict: verdict as Alert['verdict'] }),
    ...(typeof count === 'number' && { count }),
    ...(rev === 1 && { fresh: true }),
  };
}

/** What notices have said since the list was read. */
export interface News {
  /** Of rows that the list shows, by id. */
  readonly shown: ReadonlyMap<string, AlertNotice>;
  /** Ids of alerts that came in since. */
  readonly fresh: ReadonlySet<string>;
}

/** So many new alerts are counted; what more comes in changes nothing for whoever looks at the number. */
export const MOST_FRESH = 2_000;

/** The news with those of some notices; the same when they say nothing new. @param known ids of the rows that the list shows. */
export function heard(news: News, notices: readonly AlertNotice[], known: ReadonlySet<string>): News {
  const ofShown = notices.filter(({ id }) => known.has(id));
  const room = MOST_FRESH - news.fresh.size;
  const came = notices.filter(({ id, fresh }) => fresh && !known.has(id) && !news.fresh.has(id)).slice(0, room);
  if (ofShown.length === 0 && came.length === 0) return news;
  const shown = new Map(news.shown);
  for (const notice of ofShown) shown.set(notice.id, { ...shown.get(notice.id), ...notice });
  return { shown, fresh: new Set([...news.fresh, ...came.map(({ id }) => id)]) };
}

/**
 * Rows as they are now, in the order in which they stand. What was done here with the effect that a row is none of those
 * statuses any more takes it out of the list; what others did only changes it.
 *
 * @param statuses those shown; none: all.
 */
export function withNews(
  rows: readonly Alert[],
  news: ReadonlyMap<string, AlertNotice>,
  own: ReadonlyMap<string, OwnChange>,
  statuses: readonly string[],
): readonly Alert[] {
  if (news.size === 0 && own.size === 0) return rows;
  return rows.flatMap((row) => {
    const mine = own.get(row.id);
    const now = { ...row, ...news.get(row.id), ...mine };
    const left = mine?.status !== undefined && statuses.length > 0 && !statuses.includes(now.status);
    return left ? [] : [now];
  });
}

/** A title for a case that is opened with these alerts. */
export function caseTitleOf(alerts: readonly Pick<Alert, 'title'>[]): string {
  const titles = new Set(alerts.map(({ title }) => title));
  const [first = ''] = titles;
  return titles.size <= 1 ? first.slice(0, 500) : `${first.slice(0, 450)} and ${titles.size - 1} more`;
}
