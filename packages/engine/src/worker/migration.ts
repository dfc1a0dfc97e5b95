import type { Happening, Moment } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { momentOf, type Worker } from './worker.ts';

/** Reads the versions that a run is to be migrated to, before that is decided. */
export async function readTargets(worker: Worker, run: ActiveRun): Promise<void> {
  for (;;) {
    const next = run.inbox.find(({ happening }) => happening.kind === 'migrate' && !run.targets.has(happening.version));
    if (next?.happening.kind !== 'migrate') return;
    const { version } = next.happening;
    run.targets.set(version, await worker.options.plans.byVersion(version));
  }
}

/** The moment of a decision, with the plan that it is about when it is about another one. */
export function momentFor(worker: Worker, run: ActiveRun, happening: Happening): Moment {
  const moment = momentOf(worker);
  if (happening.kind !== 'migrate') return moment;
  return { ...moment, target: run.targets.get(happening.version)?.plan };
}

/** Lets a run follow the version that its state says, once it was migrated. */
export function followVersion(run: ActiveRun): void {
  const { version } = run.state;
  const target = version === undefined ? undefined : run.targets.get(version);
  if (target) run.published = target;
}
