import type { TraceNode } from '@counterpoint/contracts';

/** One fact that was noted about a step. */
export interface NotedFact {
  /** Its place among the facts, from 0. */
  readonly seq: number;
  readonly kind: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly data: object;
}

/** The facts in the detail of a step; undefined for what is no step, or has none. */
export function factsOf({ kind, detail }: Pick<TraceNode, 'kind' | 'detail'>): readonly NotedFact[] | undefined {
  if (kind !== 'step' || !Array.isArray(detail) || detail.length === 0) return undefined;
  const facts = detail.flatMap((entry, seq) => {
    const { kind: what, at, data } = (entry ?? {}) as { kind?: unknown; at?: unknown; data?: unknown };
    if (typeof what !== 'string' || typeof at !== 'number') return [];
    return [{ seq, kind: what, at, data: typeof data === 'object' && data !== null ? data : {} }];
  });
  return facts.length === detail.length ? facts : undefined;
}
