import { useCallback, useMemo, useState } from 'react';
import { useNotice } from '../../app/live.ts';
import { type Alert, type AlertNotice, alertNotice, type OwnChange, withNews } from './alert-changes.ts';

const MOST_NEWS = 2_000;
const NOTHING_DONE: ReadonlyMap<string, OwnChange> = new Map();
const NONE: ReadonlyMap<string, AlertNotice> = new Map();

/**
 * Rows that stay where they are while alerts come in: what notices say about shown rows is shown in them, what they say
 * about others is counted, and what was done here is done at once.
 *
 * @param statuses those that the list shows; none: all.
 */
export function useNews(rows: readonly Alert[], statuses: readonly string[]) {
  const [news, setNews] = useState(NONE);
  const [own, setOwn] = useState(NOTHING_DONE);
  const hear = useCallback((data: Readonly<Record<string, unknown>>) => {
    const notice = alertNotice(data);
    if (notice)
      setNews((before) =>
        before.size >= MOST_NEWS ? before : new Map(before).set(notice.id, { ...before.get(notice.id), ...notice }),
      );
  }, []);
  useNotice('alert', hear);
  const changed = useCallback((changes: readonly OwnChange[]) => {
    setOwn(
      (before) => new Map([...before, ...changes.map((one) => [one.id, { ...before.get(one.id), ...one }] as const)]),
    );
  }, []);
  const key = statuses.join();
  const shown = useMemo(() => withNews(rows, news, own, key === '' ? [] : key.split(',')), [rows, news, own, key]);
  const fresh = useMemo(() => {
    const known = new Set(rows.map(({ id }) => id));
    return [...news.values()].filter(({ id, fresh: came }) => came && !known.has(id)).length;
  }, [rows, news]);
  const forget = useCallback(() => {
    setNews(NONE);
    setOwn(NOTHING_DONE);
  }, []);
  return { shown, fresh, forget, changed, full: news.size >= MOST_NEWS };
}
