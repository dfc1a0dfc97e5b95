import type { RunRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { indexOf, isLoop } from '../interpreter/plan-index.ts';
import { hasEnded } from '../worker/own.ts';
import type { RunFold, StepRecord } from './step-record.ts';

/** Which operator verbs fit a run as it stands, whoever asks. */
export interface RunVerbs {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly cancel: boolean;
  readonly rerun: boolean;
  /** It is live, and its playbook has a newer version. */
  readonly migrate: boolean;
}

/** Which operator verbs fit a step as it stands, whoever asks. */
export interface StepVerbs {
  readonly retry: boolean;
  readonly skip: boolean;
  readonly resolve: boolean;
  /** The run has ended and can be taken up from here. */
  readonly retryFrom: boolean;
  /** Where it could be taken up instead: the loop or parallel block that the step is in; empty: nowhere. */
  readonly retryFromBlock: string;
}

/** What can be done about a run. @param current id of the playbook's current version */
export function verbsOfRun(run: RunRow, current: string | undefined): RunVerbs {
  // What an edge node runs is a copy that nothing here works on.
  const live = !hasEnded(run) && run.site === '';
  return {
    pause: live && !run.paused,
    resume: live && run.paused,
    cancel: live,
    rerun: run.site === '' && current !== undefined,
    migrate: live && current !== undefined && current !== run.version,
  };
}

/** What can be done about a step. */
export function verbsOfStep(run: RunRow, record: StepRecord, plan: Plan | undefined): StepVerbs {
  const live = !hasEnded(run) && run.site === '';
  const open = live && record.endedAt === null && record.round === null;
  const isBlock = record.rounds !== undefined || record.taken.length > 0;
  const from = run.site === '' && hasEnded(run) && plan ? takeUpAt(plan, record) : '';
  return {
    retry: open && !isBlock,
    skip: open,
    resolve: open && record.status === 'unknown',
    retryFrom: from !== '' && from === record.address,
    retryFromBlock: from === record.address ? '' : from,
  };
}

/** The step that a run can be taken up from, when it is to go on at this one: itself, or the outermost loop or parallel block. */
function takeUpAt(plan: Plan, record: StepRecord): string {
  const root = /^[^[.]+/.exec(record.address)?.[0] ?? '';
  let at = root;
  for (let place = indexOf(plan).get(root); ; ) {
    if (!place) return '';
    if (place.owner.kind === 'phase') return place.owner.phase === 'main' ? at : '';
    const { step } = place.owner;
    if (isLoop(step) || step.verb === 'parallel') at = step.id;
    place = indexOf(plan).get(step.id);
  }
}

/** Addresses of the steps that go on now, blocks left out, the ones that began last first. */
export function openSteps(fold: RunFold, most: number): readonly StepRecord[] {
  const open = [...fold.open].flatMap((address) => fold.records.get(address) ?? []);
  return open
    .filter(({ rounds, taken, round }) => rounds === undefined && taken.length === 0 && round === null)
    .toReversed()
    .slice(0, most);
}
