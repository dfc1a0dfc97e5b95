import type { CallResult } from '@counterpoint/sdk';

/** In what two runs differ. */
export type Comparison = CallResult<'compareRuns'>;

/** In one sentence, what to know first about two runs. */
export function headline(compared: Comparison): string {
  const { first, inputs, ends, only_a, only_b } = compared;
  if (first) return `They part at ${first.step}: ${first.before} in A, ${first.after} in B.`;
  if (only_a.length + only_b.length > 0) return 'They took the same way, but did not make the same calls.';
  if (ends.length > 0) return 'They took the same way and made the same calls, but ended differently.';
  return inputs.length > 0 ? 'They were given different inputs, and did the same.' : 'They did the same.';
}

/** Whether a step of two runs is not the same in both. */
export function differs({ a, b, same_input, same_output }: Comparison['steps'][number]): boolean {
  return a?.status !== b?.status || !same_input || !same_output;
}
