import type { CallResult } from '@counterpoint/sdk';

/** What is known of a run. */
export type RunView = CallResult<'getRunOverview'>;

/** What is known of one of its steps. */
export type StepView = CallResult<'getRunStep'>;

/** Whether a run goes on. */
export function isLive({ ended_at }: Pick<RunView, 'ended_at'>): boolean {
  return ended_at === null;
}
