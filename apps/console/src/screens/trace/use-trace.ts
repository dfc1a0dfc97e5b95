import type { CallResult } from '@counterpoint/sdk';
import { useEffect, useMemo, useRef } from 'react';
import { onNotice } from '../../app/live.ts';
import { useApi } from '../../app/use-api.ts';
import { everyNode } from './tree.ts';

/** A trace as the server tells it. */
export type TraceView = CallResult<'trace'>;

const FIRST_LIMIT = 1_500;
const PATIENCE = 500;

/** How many nodes are asked for: so many at first; undefined, when somebody wants more or looks for something: all that the server tells. */
function limitOf(whole: boolean): number | undefined {
  return whole ? undefined : FIRST_LIMIT;
}

/** Reads the story of something, and again soon after anything of it changes. */
export function useTrace(ref: string, whole: boolean) {
  const answer = useApi('trace', { ref, query: { limit: limitOf(whole), detail: 'brief' } }, { keep: true });
  const { data, refetch } = answer;
  const known = useMemo(() => {
    const runs = new Set<unknown>();
    for (const node of everyNode(data?.roots ?? [])) {
      if (node.ref.startsWith('run:')) runs.add(node.ref.slice('run:'.length).split('/')[0]);
    }
    return { runs, traces: new Set<unknown>(data?.traces ?? []) };
  }, [data]);
  const latest = useRef(known);
  useEffect(() => {
    latest.current = known;
  }, [known]);
  useEffect(() => {
    let pending: ReturnType<typeof setTimeout> | undefined;
    const stop = onNotice(({ kind, data: told }) => {
      const { runs, traces } = latest.current;
      // What is told of a run later does not name its trace.
      if (!traces.has(told.trace) && !(kind === 'run' && runs.has(told.id))) return;
      pending ??= setTimeout(() => {
        pending = undefined;
        void refetch();
      }, PATIENCE);
    });
    return () => {
      stop();
      clearTimeout(pending);
    };
  }, [refetch]);
  return answer;
}
