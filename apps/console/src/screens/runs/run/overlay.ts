import type { CallResult } from '@counterpoint/sdk';
import type { CanvasOverlay, StepOverlay, StepState } from '../../../canvas/canvas-props.ts';
import { outlineAddress } from '../../../canvas/steps-index.ts';
import { waitWord } from '../run-words.ts';

/** What became of one step of the playbook, over all rounds. */
export type StepSummary = CallResult<'getRunOverview'>['steps'][number];

/** What is shown of a step that is in several states at once: the first of these. */
const URGENCY = [
  'unknown',
  'failed',
  'waiting',
  'running',
  'ready',
  'cancelled',
  'succeeded',
  'skipped',
] as const satisfies readonly (keyof StepSummary['counts'])[];

/** What a run lays over the canvas. @param now for how long what goes on has taken so far */
export function overlayOf(steps: readonly StepSummary[], now: number): CanvasOverlay {
  return new Map(steps.map((summary) => [outlineAddress(summary.address), overlayOfStep(summary, now)]));
}

function overlayOfStep(summary: StepSummary, now: number): StepOverlay {
  const { counts, total, rounds, taken, started_at, longest, attempts } = summary;
  const state = stateOf(summary);
  const goesOn = total === 1 && summary.ended_at === null && started_at !== null;
  const done = total > 1 ? total : rounds ? rounds.ended : attempts;
  return {
    state,
    duration: goesOn ? Math.max(0, now - started_at) : (longest ?? undefined),
    count: done,
    failed: total > 1 ? counts.failed : rounds?.failed,
    note: noteOf(summary),
    taken,
  };
}

function stateOf({ counts, waits_for }: StepSummary): StepState {
  const status = URGENCY.find((one) => (counts[one] ?? 0) > 0) ?? 'ready';
  if (status === 'waiting') return waits_for === 'people' || waits_for === 'guard' ? 'held' : 'waiting';
  return status === 'ready' ? 'running' : status;
}

function noteOf({ rounds, waits_for, error_code, attempts, total }: StepSummary): string | undefined {
  const notes = [
    rounds && (rounds.total === null ? `${rounds.ended} rounds` : `${rounds.ended} of ${rounds.total} items`),
    waits_for && `waits for ${waitWord(waits_for)}`,
    error_code,
    total === 1 && attempts > 1 && `${attempts} attempts`,
  ].filter((note) => typeof note === 'string');
  return notes.length === 0 ? undefined : notes.join(', ');
}
