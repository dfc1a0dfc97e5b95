import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { JournalRow, RunRow, Store } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { PlanSource } from '../playbooks/published.ts';
import type { Manifests } from '../savings/saved-by-run.ts';
import { keepValuesApart } from '../worker/values.ts';
import { type ComparedSide, compareSides, type RunsCompared } from './compare.ts';
import { type ListedStep, listSteps, type StepFilter } from './list-steps.ts';
import { createFoldReader } from './read-fold.ts';
import { type RunOverview, readFacts, readOverview } from './run-overview.ts';
import { readStep, type StepDetail } from './step-detail.ts';

/** What {@link createRunViews} needs. */
export interface RunViewOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly plans: Pick<PlanSource, 'byVersion'>;
  /** They state what their actions save. */
  readonly manifests: Manifests;
}

/**
 * Shows people what happened in runs, from their journals. Every call throws engine.run_gone for a run that is not stored.
 */
export interface RunViews {
  overview(run: string): Promise<RunOverview>;
  steps(
    run: string,
    filter: StepFilter,
  ): Promise<{ readonly steps: readonly ListedStep[]; readonly next: number | null }>;
  /** @throws engine.step_unheard */
  step(run: string, address: string): Promise<StepDetail>;
  /** Facts behind the sequence `after`, with values as they are stored. */
  facts(
    run: string,
    wish: { readonly after: number; readonly limit: number },
  ): Promise<{ readonly facts: readonly JournalRow[]; readonly next: number | null }>;
  compare(a: string, b: string): Promise<{ readonly a: RunRow; readonly b: RunRow; readonly compared: RunsCompared }>;
}

/** Makes {@link RunViews}. */
export function createRunViews({ store, clock, plans, manifests }: RunViewOptions): RunViews {
  const values = keepValuesApart(store, clock);
  const folds = createFoldReader(store, values);
  const sources = { reader: store, values };

  const rowOf = async (run: string, whole: boolean): Promise<RunRow> => {
    const row = await (whole ? values : store).get('runs', run);
    if (!row) throw errors.run_gone({ run });
    return row;
  };
  const sideOf = async (run: string): Promise<ComparedSide> => {
    const row = await rowOf(run, true);
    return { run: row, fold: await folds.read(row), plan: await planOf(plans, row.version) };
  };

  return {
    async overview(run) {
      const row = await rowOf(run, true);
      const plan = await planOf(plans, row.version);
      return readOverview(store, row, await folds.read(row), { plan, manifests });
    },
    async steps(run, filter) {
      const row = await rowOf(run, false);
      return listSteps(sources, row, await folds.read(row), await planOf(plans, row.version), filter);
    },
    async step(run, address) {
      const row = await rowOf(run, false);
      return readStep(sources, row, await folds.read(row), await planOf(plans, row.version), address);
    },
    async facts(run, wish) {
      await rowOf(run, false);
      return readFacts(store, run, wish);
    },
    async compare(one, other) {
      const [a, b] = [await sideOf(one), await sideOf(other)];
      return { a: a.run, b: b.run, compared: await compareSides(store, a, b) };
    },
  };
}

/** The plan of a version; undefined when it is gone or does not compile any more. */
async function planOf(plans: RunViewOptions['plans'], version: string): Promise<Plan | undefined> {
  try {
    return (await plans.byVersion(version)).plan;
  } catch (error) {
    if (!isCounterpointError(error) || error.code.startsWith('events.')) throw error;
    return undefined;
  }
}
