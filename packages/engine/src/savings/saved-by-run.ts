import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { JournalRow, Reader, RunRow } from '@counterpoint/events';
import type { Plan, Step } from '@counterpoint/playbook';
import { stepIdOf } from '../views/step-record.ts';

/** Manifests of connectors and built-ins, by id: they state what their actions save. */
export interface Manifests {
  get(id: string): ConnectorManifest | undefined;
  values(): Iterable<ConnectorManifest>;
}

/** Minutes that steps of one kind saved in one run. */
export interface Saved {
  /** What the steps did: connector and action, a capability, or the verb. */
  readonly action: string;
  readonly steps: number;
  readonly minutes: number;
}

const LONGEST_JOURNAL = 100_000;

/**
 * The minutes that the steps of a run saved: a step that succeeded counts what its playbook declares (`minutes_saved`), else
 * what the connector states for the action. Where a capability chose the connector, the least that any provider states
 * counts. What failed, was skipped, was taken over from an earlier run or has no figure counts nothing.
 *
 * @param plan that of the version that the run followed
 */
export async function savedByRun(
  reader: Reader,
  run: Pick<RunRow, 'id'>,
  plan: Plan,
  manifests: Manifests,
): Promise<readonly Saved[]> {
  const where = { run: run.id, kind: 'step_ended' };
  const entries = await reader.find('journal', { where, orderBy: [{ column: 'seq' }], limit: LONGEST_JOURNAL });
  const saved = new Map<string, Saved>();
  for (const entry of entries.filter(succeeded)) {
    const step = plan.byId.get(stepIdOf(entry.address));
    const minutes = step ? minutesOf(step, plan, manifests) : 0;
    if (!step || minutes === 0) continue;
    const action = nameOf(step, plan);
    const { steps, minutes: before } = saved.get(action) ?? { steps: 0, minutes: 0 };
    saved.set(action, { action, steps: steps + 1, minutes: before + minutes });
  }
  return [...saved.values()];
}

/**
 * Whether a run saved nobody time in truth: it ran on a simulated event, or is part of a story in which a simulator made
 * changes, also where it changes nothing outside itself.
 */
export async function isOfSimulation(
  reader: Reader,
  { trace, simulated }: Pick<RunRow, 'trace' | 'simulated'>,
): Promise<boolean> {
  return simulated || (await reader.count('effects', { trace, simulated: true })) > 0;
}

function succeeded({ data }: JournalRow): boolean {
  const { status, by } = data as { readonly status?: string; readonly by?: unknown };
  // What an operator skipped ends well too, and saved nobody anything.
  return status === 'succeeded' && by === undefined;
}

function minutesOf(step: Step, plan: Plan, manifests: Manifests): number {
  if (step.minutesSaved !== undefined) return step.minutesSaved;
  if (step.verb !== 'action') return 0;
  const use = plan.uses[step.alias];
  if (use?.kind !== 'capability') {
    return manifests.get(use?.connector ?? step.alias)?.actions[step.action]?.minutes_saved ?? 0;
  }
  const stated = [...manifests.values()].flatMap(({ capabilities, actions }) => {
    const action = capabilities?.[use.capability];
    return action === undefined ? [] : (actions[action]?.minutes_saved ?? 0);
  });
  return stated.length === 0 ? 0 : Math.min(...stated);
}

function nameOf(step: Step, plan: Plan): string {
  if (step.verb !== 'action') return step.verb;
  const use = plan.uses[step.alias];
  if (use?.kind === 'capability') return use.capability;
  return `${use?.connector ?? step.alias}.${step.action}`;
}
