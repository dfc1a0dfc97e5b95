import { ALERT_REVISED } from '@counterpoint/cases';
import type { TraceNode } from '@counterpoint/contracts';

/** The topic on which publishers take back what they said. */
export const VERDICT_REVISED = 'verdict.revised.v1';

/** The topic on which the server tells that what followed from something was taken back. */
export const RETRACTED = 'fabric.retracted.v1';

const TOPICS: ReadonlySet<string> = new Set([ALERT_REVISED, VERDICT_REVISED, RETRACTED]);

/**
 * Whether a node of a trace is a revision: it follows from what turned out to be wrong, and yet what follows from it (a
 * message to people, a case that is closed) is right and stays.
 */
export function isRevision({ kind, title }: Pick<TraceNode, 'kind' | 'title'>): boolean {
  return kind === 'event' && TOPICS.has(title);
}
