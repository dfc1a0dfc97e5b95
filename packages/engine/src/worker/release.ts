import type { ReleaseResult } from '@counterpoint/actions';
import { isCounterpointError } from '@counterpoint/core';
import { errors } from '../errors.ts';
import type { ActionCall, Command, Happening, ReleaseTarget } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { failure, isUnderWay, settledOf, track } from './calls.ts';
import { causalityOfStep, parseStepReference, stepReference } from './causality.ts';
import { insist } from './insist.ts';
import { report, type Worker } from './worker.ts';

type Release = Extract<Command, { kind: 'release' }>;

/** Undoes the effects of earlier steps, one after the other; what one release has ended, another one finds so. */
export function release(worker: Worker, run: ActiveRun, command: Release): void {
  const { address, step, attempt } = command;
  if (isUnderWay(run, address)) return;
  const call: ActionCall = { address, step, attempt, generation: 0, input: {} };
  track(worker, run, call, async () => {
    try {
      const happening = await released(worker, run, command, call);
      return happening && { happening, change: undefined };
    } catch (error) {
      if (!isCounterpointError(error)) report(worker, 'defect', run.row.id, error);
      return { happening: settledOf(call, failure(error, address)), change: undefined };
    }
  });
}

async function released(
  worker: Worker,
  run: ActiveRun,
  command: Release,
  call: ActionCall,
): Promise<Happening | undefined> {
  const results: ReleaseResult[] = [];
  for (const target of command.targets) {
    const ended = await insist(worker, run, () => releaseTarget(worker, run, command, target));
    if (!ended) return undefined;
    results.push(...ended);
  }
  const failed = results.flatMap((result) => result.failed);
  const [first] = failed;
  if (first) {
    const { step } = command;
    const error = errors.undo_failed({ step, count: failed.length, reason: first.error.message });
    return settledOf(call, failure(error, command.address));
  }
  const undone = results.reduce((sum, result) => sum + result.undone.length, 0);
  const kept = results.flatMap((result) => result.kept.map(({ effect, reason }) => ({ effect, reason })));
  return settledOf(call, { status: 'succeeded', output: { undone, kept } });
}

async function releaseTarget(
  worker: Worker,
  run: ActiveRun,
  { address }: Release,
  { step, calls }: ReleaseTarget,
): Promise<readonly ReleaseResult[]> {
  const wish = {
    reason: `undone by ${stepReference(run.row.id, address)}`,
    causality: causalityOfStep(run.row, address),
    now: worker.options.clock.now(),
  };
  const { door } = worker.options;
  if (!calls) return [await door.release({ ...wish, of: { kind: 'step', run: run.row.id, step } })];
  const results: ReleaseResult[] = [];
  for (const called of await runsCalledBy(worker, run.row.id, (from) => isOfStep(from, step))) {
    results.push(await door.release({ ...wish, of: { kind: 'run', run: called } }));
  }
  return results;
}

/** Runs that a run called from the steps that `wanted` picks, and all that those called, the last first. */
async function runsCalledBy(
  worker: Worker,
  run: string,
  wanted: (address: string) => boolean,
): Promise<readonly string[]> {
  const rows = await worker.options.store.find('runs', {
    where: { parent: { prefix: stepReference(run, '') } },
    limit: 10_000,
  });
  const called: string[] = [];
  for (const row of rows.toReversed()) {
    if (!wanted(parseStepReference(row.parent)?.address ?? '')) continue;
    called.push(...(await runsCalledBy(worker, row.id, () => true)), row.id);
  }
  return called;
}

/** Whether an address is that of the step: itself, or, for an id, in any round. */
function isOfStep(address: string, step: string): boolean {
  return address === step || address.endsWith(`.${step}`);
}
