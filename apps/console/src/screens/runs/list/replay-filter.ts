import type { CallArguments } from '@counterpoint/sdk';
import { type ListState, SPANS, searchOf } from './list-state.ts';

type Filter = Pick<CallArguments<'replayRuns'>['body'], 'playbook' | 'status' | 'since' | 'error_code'>;

const ENDED = ['succeeded', 'failed', 'cancelled'] as const;

/** The filter of a replay that means the runs of a list; see {@link canReplay}. */
export function replayFilter(state: ListState, now: number): Filter {
  const status = ENDED.find((one) => state.status?.length === 1 && state.status[0] === one);
  const code = state.error ?? (state.q ? searchOf(state.q).error_code : undefined);
  return {
    ...(state.playbook ? { playbook: state.playbook } : {}),
    ...(status ? { status } : {}),
    ...(code ? { error_code: code } : {}),
    ...(state.span ? { since: now - SPANS[state.span].millis } : {}),
  };
}

/** Whether a replay can mean the very runs of the list: it knows playbook, one state, error and time. */
export function canReplay(state: ListState): boolean {
  const { q, status = [], trigger = [], version, observable, case: held, alert } = state;
  const code = q ? searchOf(q).error_code : '';
  const known = status.length === 0 || (status.length === 1 && ENDED.some((one) => one === status[0]));
  return known && code !== undefined && trigger.length === 0 && !version && !observable && !held && !alert;
}
