import type { AlertRow, CaseRow, InboxItemRow, JournalRow, PlaybookRow, Reader, RunRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { isOfSimulation, type Manifests, type Saved, savedByRun } from '../savings/saved-by-run.ts';
import { openSteps, type RunVerbs, verbsOfRun } from './steering-verbs.ts';
import type { RunFold, StepRecord } from './step-record.ts';
import { type StepSummary, summarise } from './summarise.ts';

/** What a run that has ended saved people. */
export interface RunSaved {
  readonly minutes: number;
  /** It saved nobody time in truth. */
  readonly simulated: boolean;
  /** What the minutes are made of. */
  readonly by: readonly Saved[];
}

/** What a run page shows before anything is opened. */
export interface RunOverview {
  /** With its values whole. */
  readonly run: RunRow;
  readonly playbook: PlaybookRow | undefined;
  /** The version's number; null when it is gone. */
  readonly number: number | null;
  /** Whether the version is there and compiles, so that the run can be drawn on it. */
  readonly known: boolean;
  readonly fold: RunFold;
  readonly steps: readonly StepSummary[];
  /** What goes on now. */
  readonly open: readonly StepRecord[];
  readonly alert: AlertRow | undefined;
  readonly case: CaseRow | undefined;
  /** What people have still to decide. */
  readonly matters: readonly InboxItemRow[];
  /** Runs that its steps called. */
  readonly calls: readonly RunRow[];
  /** Runs that operators began from this one. */
  readonly again: readonly RunRow[];
  /** Counted as for all runs; null: it has not ended, or its version or journal is not here. */
  readonly saved: RunSaved | null;
  readonly verbs: RunVerbs;
}

const MANY = 100;

/** Puts together what is known of a run. */
export async function readOverview(
  reader: Reader,
  run: RunRow,
  fold: RunFold,
  { plan, manifests }: { readonly plan: Plan | undefined; readonly manifests: Manifests },
): Promise<RunOverview> {
  const newest = [{ column: 'created_at', descending: true }] as const;
  const [playbook, version, matters, calls, begun, saved] = await Promise.all([
    reader.get('playbooks', run.playbook),
    reader.get('playbook_versions', run.version),
    reader.find('inbox_items', { where: { run: run.id, status: 'open' }, limit: MANY }),
    reader.find('runs', { where: { parent: { prefix: `run:${run.id}/` } }, limit: MANY }),
    reader.find('runs', { where: { trace: run.trace, cause: `run:${run.id}` }, orderBy: newest, limit: MANY }),
    plan ? savedIn(reader, run, plan, manifests) : null,
  ]);
  const alert = alertIn(run);
  return {
    run,
    playbook,
    number: version?.number ?? null,
    known: plan !== undefined,
    fold,
    steps: summarise(fold),
    open: openSteps(fold, 20),
    alert: alert === undefined ? undefined : await reader.get('alerts', alert),
    case: run.case_id === null ? undefined : await reader.get('cases', run.case_id),
    matters,
    calls,
    again: begun.filter(({ origin }) => origin !== ''),
    saved,
    verbs: verbsOfRun(run, playbook?.current),
  };
}

async function savedIn(reader: Reader, run: RunRow, plan: Plan, manifests: Manifests): Promise<RunSaved | null> {
  if (run.ended_at === null || run.seq === 0) return null;
  const by = await savedByRun(reader, run, plan, manifests);
  const simulated = by.length > 0 && (await isOfSimulation(reader, run));
  return { minutes: by.reduce((sum, { minutes }) => sum + minutes, 0), simulated, by };
}

/** The alert that the event of a run is about. */
function alertIn({ event }: Pick<RunRow, 'event'>): string | undefined {
  const { alert } = (event ?? {}) as { readonly alert?: { readonly id?: unknown } };
  return typeof alert?.id === 'string' ? alert.id : undefined;
}

/** One page of the facts of a run, as they are stored. */
export async function readFacts(
  reader: Reader,
  run: string,
  wish: { readonly after: number; readonly limit: number },
): Promise<{ readonly facts: readonly JournalRow[]; readonly next: number | null }> {
  const found = await reader.find('journal', {
    where: { run, seq: { gt: wish.after } },
    orderBy: [{ column: 'seq' }],
    limit: wish.limit + 1,
  });
  const facts = found.slice(0, wish.limit);
  return { facts, next: found.length > wish.limit ? (facts.at(-1)?.seq ?? null) : null };
}
