import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useNotice } from '../../../app/live.ts';
import { refresh } from '../../../app/use-api.ts';
import type { MapGraph } from './map-graph.ts';
import { createRouter } from './routes-of-event.ts';

const SOON = 1_000;

/**
 * Reads the map again soon after an event went a way that is not on it: a new topic, or somebody who had not published
 * there before. Where the map leaves topics out anyhow, that is no news.
 */
export function useNewcomers(whole: MapGraph, complete: boolean): void {
  const route = useMemo(() => createRouter(whole), [whole]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const listener = useCallback(
    (data: Readonly<Record<string, unknown>>) => {
      if (!complete || timer.current !== undefined || whole.nodes.length === 0) return;
      const participant = String(data.participant);
      const { given, taken } = route({ topic: String(data.topic), participant });
      if (given.length > 0 || (participant === 'server' && taken.length > 0)) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        void refresh(['fabricMap']);
      }, SOON);
    },
    [route, complete, whole],
  );
  useNotice('event', listener);
}
