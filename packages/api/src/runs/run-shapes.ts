import type { People, Reason } from '@counterpoint/actions';
import type { JsonObject } from '@counterpoint/core';
import {
  factPreview,
  type ListedStep,
  type RunOverview,
  type StepAttempt,
  type StepDetail,
  type StepRecord,
  type StepSummary,
  type WaitSpan,
} from '@counterpoint/engine';
import type { EffectRow, InboxItemRow, RunRow } from '@counterpoint/events';
import { helpOf } from '../error-help.ts';
import { effectView, runView } from '../views.ts';

/** Milliseconds that a run took, or has taken so far. */
export function durationOf({ created_at, ended_at }: RunRow, now: number): number {
  return Math.max(0, (ended_at ?? now) - created_at);
}

/** What is said of the end of a run, which names who cancelled it by reference. */
export function messageOf({ error }: Pick<RunRow, 'error'>): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' ? message : '';
}

/** A run as the API shows it, with those whom its error mentions by name. */
export function namedRunView(row: RunRow, people: People) {
  const message = messageOf(row);
  return {
    ...runView(row),
    error: message === '' ? row.error : { ...(row.error as JsonObject), message: people.inText(message) },
  };
}

/** What people are to decide, as lists show it. */
export function matterView({ id, kind, text, address, status, due_at }: InboxItemRow) {
  return { id, kind, text, address, status, due_at };
}

type NotedError = Pick<NonNullable<StepRecord['error']>, 'code' | 'message' | 'step'>;

function errorView(error: NotedError | null) {
  return error && { code: error.code, message: error.message, step: error.step, help: helpOf(error) };
}

function waitView({ for: reason, from, until, due }: WaitSpan) {
  return { for: reason, from, until, due };
}

function recordView({ record, place }: Pick<ListedStep, 'record' | 'place'>) {
  const { address, id, round, status, startedAt, endedAt, generation, waits, error, rounds, taken } = record;
  const { kind, title, does, parent, slot } = place;
  return {
    address,
    step: id,
    kind,
    title,
    does,
    parent,
    slot,
    round,
    status,
    started_at: startedAt,
    ended_at: endedAt,
    generation,
    waits: waits.map(waitView),
    error: errorView(error),
    rounds: rounds ? { total: rounds.total, ended: rounds.ended, failed: rounds.failed } : null,
    taken: [...taken],
    skipped_by: record.skippedBy,
    adopted_from: record.adoptedFrom,
  };
}

/** A step as lists show it. */
export function stepView(step: ListedStep) {
  const { input, output, effect, record } = step;
  return {
    ...recordView(step),
    attempts: record.attempts.length,
    input,
    output,
    effect: effect ? shortEffect(effect) : null,
  };
}

function shortEffect({ id, effect, state, connection, target }: EffectRow) {
  return { id, class: effect, state, connection, target };
}

function attemptView({ number, generation, startedAt, endedAt, status, error }: StepAttempt) {
  return { number, generation, started_at: startedAt, ended_at: endedAt, status, error: errorView(error) };
}

function otherRunView(row: RunRow, address: string) {
  const { id, playbook, status, created_at, ended_at } = row;
  return { id, playbook, status, address, created_at, ended_at };
}

function calledView(row: RunRow) {
  return otherRunView(row, row.parent.slice(row.parent.indexOf('/') + 1));
}

/** One step, whole. */
export function stepDetailView(detail: StepDetail, people: People) {
  const { verbs } = detail;
  const { skippedBy } = detail.record;
  return {
    ...recordView(detail),
    error: errorView(detail.error),
    skipped_by: skippedBy ? { ...skippedBy, who: people.nameOf(skippedBy.principal) } : null,
    input: detail.input,
    output: detail.output,
    attempts: detail.record.attempts.map(attemptView),
    facts: detail.facts.map(factPreview),
    timers: detail.timers.map(({ kind, due_at }) => ({ kind, due_at })),
    effects: detail.effects.map(effectView),
    matters: detail.matters.map(matterView),
    calls: detail.calls.map(calledView),
    before: detail.before,
    after: detail.after,
    verbs: {
      retry: verbs.retry,
      skip: verbs.skip,
      resolve: verbs.resolve,
      retry_from: verbs.retryFrom,
      retry_from_block: verbs.retryFromBlock,
    },
  };
}

function summaryView(summary: StepSummary) {
  const { step, counts, total, startedAt, endedAt, shortest, longest, attempts, rounds, taken, address } = summary;
  return {
    step,
    counts,
    total,
    started_at: startedAt,
    ended_at: endedAt,
    shortest,
    longest,
    attempts,
    rounds,
    taken: [...taken],
    address,
    waits_for: summary.waitsFor as WaitSpan['for'] | null,
    error_code: summary.errorCode,
  };
}

/** What a run page shows. */
export function overviewView(overview: RunOverview, why: readonly Reason[], people: People, now: number) {
  const {
    run,
    playbook,
    number,
    known,
    fold,
    steps,
    open,
    alert,
    case: held,
    matters,
    calls,
    again,
    saved,
    verbs,
  } = overview;
  const error = run.error as (JsonObject & NotedError) | null;
  return {
    ...namedRunView(run, people),
    title: playbook?.title ?? run.playbook,
    number,
    current: playbook?.current ?? '',
    known,
    error_help: error === null ? '' : helpOf(error),
    duration: durationOf(run, now),
    origin: run.origin,
    parent: run.parent,
    alert: alert ? { id: alert.id, title: alert.title } : null,
    case: held ? { id: held.id, title: held.title } : null,
    why: [...why],
    event: run.event,
    steps: steps.map(summaryView),
    open: open.map(openView),
    matters: matters.map(matterView),
    calls: calls.map(calledView),
    saved: saved && { ...saved, by: [...saved.by] },
    again: again.map((row) => otherRunView(row, row.origin.slice(row.origin.indexOf('/') + 1))),
    pauses: fold.pauses.map(({ from, until, principal, reason }) => {
      return { from, until, principal, who: people.nameOf(principal), reason };
    }),
    phases: fold.phases.map(({ phase, at }) => ({ phase, at })),
    versions: fold.versions.map(({ version, at, principal }) => ({ version, at, principal })),
    facts: run.seq,
    verbs: { ...verbs },
  };
}

function openView({ address, id, status, waits }: StepRecord) {
  const wait = waits.at(-1);
  return { address, step: id, status, wait: wait && wait.until === null ? waitView(wait) : null };
}
