import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNotice } from '../../app/live.ts';
import {
  type Alert,
  type AlertNotice,
  alertNotice,
  heard,
  MOST_FRESH,
  type News,
  type OwnChange,
  withNews,
} from './alert-changes.ts';

/** Notices are taken in together: hundreds may come in a second. */
const TOGETHER = 200;
const NOTHING_DONE: ReadonlyMap<string, OwnChange> = new Map();
const NONE: News = { shown: new Map(), fresh: new Set() };

/**
 * Rows that stay where they are while alerts come in: what notices say about shown rows is shown in them, what they say
 * about others is counted, and what was done here is done at once.
 *
 * @param statuses those that the list shows; none: all.
 */
export function useNews(rows: readonly Alert[], statuses: readonly string[]) {
  const [news, setNews] = useState(NONE);
  const [own, setOwn] = useState(NOTHING_DONE);
  const known = useMemo(() => new Set(rows.map(({ id }) => id)), [rows]);
  const waiting = useRef<AlertNotice[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(known);
  useEffect(() => {
    latest.current = known;
  }, [known]);
  const hear = useCallback((data: Readonly<Record<string, unknown>>) => {
    const notice = alertNotice(data);
    if (!notice) return;
    waiting.current.push(notice);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const notices = waiting.current.splice(0);
      setNews((before) => heard(before, notices, latest.current));
    }, TOGETHER);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  useNotice('alert', hear);
  const changed = useCallback((changes: readonly OwnChange[]) => {
    setOwn(
      (before) => new Map([...before, ...changes.map((one) => [one.id, { ...before.get(one.id), ...one }] as const)]),
    );
  }, []);
  const key = statuses.join();
  const shown = useMemo(
    () => withNews(rows, news.shown, own, key === '' ? [] : key.split(',')),
    [rows, news.shown, own, key],
  );
  const fresh = useMemo(() => [...news.fresh].filter((id) => !known.has(id)).length, [known, news.fresh]);
  const forget = useCallback(() => {
    setNews(NONE);
    setOwn(NOTHING_DONE);
  }, []);
  return { shown, fresh, forget, changed, full: news.fresh.size >= MOST_FRESH };
}
