import type { CallResult } from '@counterpoint/sdk';

/** In what two runs differ. */
export type Comparison = CallResult<'compareRuns'>;

/** In one sentence, what to know first about two runs. */
export function headline(compared: Comparison): string {
  const { first, inputs, ends, only_a, only_b, steps } = compared;
  if (first) return `They part at ${first.step}: ${first.before} in A, ${first.after} in B.`;
  if (only_a.length + only_b.length > 0) return 'They took the same way, but did not make the same calls.';
  if (ends.length > 0) return 'They took the same way and made the same calls, but ended differently.';
  const others = steps.filter(differs).length;
  if (others > 0)
    return `They took the same way; ${others === 1 ? '1 step' : `${others} steps`} got or gave other values.`;
  return inputs.length > 0 ? 'They were given different inputs, and did the same.' : 'They did the same.';
}

/** Whether a run of a comparison still goes on, so that what is said of it is said of now. */
export function goesOn({ status }: Comparison['a']): boolean {
  return status === 'queued' || status === 'running' || status === 'waiting';
}

/** Whether a step of two runs is not the same in both. */
export function differs({ a, b, same_input, same_output }: Comparison['steps'][number]): boolean {
  return a?.status !== b?.status || !same_input || !same_output;
}

/** Which values of a step are not the same: `other input and output`; empty: none, or only one run came to it. */
export function otherValues({ a, b, same_input, same_output }: Comparison['steps'][number]): string {
  if (a === null || b === null) return '';
  const other = [same_input ? '' : 'input', same_output ? '' : 'output'].filter((word) => word !== '');
  return other.length === 0 ? '' : `other ${other.join(' and ')}`;
}
