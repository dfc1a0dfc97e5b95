import type { Json } from '@counterpoint/core';
import type { JournalRow } from '@counterpoint/events';
import type { StepOutline } from './step-outline.ts';

const DID: Readonly<Record<StepOutline['verb'], string>> = {
  action: 'acted',
  approval: 'asked people to approve',
  ask: 'asked people',
  call: 'called another playbook',
  fail: 'ended the run as failed',
  foreach: 'went through a list',
  if: 'checked a condition',
  parallel: 'did several things at once',
  publish: 'published an event',
  set: 'worked out values',
  succeed: 'ended the run',
  switch: 'chose what to do',
  try: 'tried, with a way out',
  undo: 'took back what a step did',
  wait: 'waited',
  while: 'repeated steps',
};

/** What became of it, where that is not simply that it was done. */
const ENDS: Readonly<Record<string, string>> = {
  failed: 'it failed',
  skipped: 'it was skipped',
  cancelled: 'it was cancelled',
};

interface Ended {
  readonly status?: string;
  readonly error?: { readonly message?: string };
}

function dataOf<Shape>(entries: readonly JournalRow[], kind: string): Shape | undefined {
  return entries.findLast((entry) => entry.kind === kind)?.data as (Shape & Json) | undefined;
}

/** Says what a step did: in its author's words where there are some, else by what it is. `call` is what its action did. */
export function stepSentence(outline: StepOutline | undefined, entries: readonly JournalRow[], call: string): string {
  const address = entries[0]?.address ?? '';
  const round = /\[(\d+)\]$/.exec(address);
  if (round && !outline) return `round ${Number(round[1]) + 1}`;
  if (!outline) return `${address}${ended(entries)}`;
  const plainly = outline.verb === 'set' ? `worked out ${outline.id.replaceAll('_', ' ')}` : DID[outline.verb];
  return `${outline.named || call || plainly}${ended(entries)}`;
}

/** Why a step did what it did: the condition of the branch that it took, else its own. */
export function stepReason(outline: StepOutline | undefined, entries: readonly JournalRow[]): string {
  const branch = dataOf<{ readonly branch?: number }>(entries, 'branch_taken')?.branch;
  if (branch === undefined || !outline) return outline?.guard ?? '';
  return outline.branches.at(branch) ?? '';
}

/** What a step was started with, when that is one text: what its action acted on. */
export function inputOf(entries: readonly JournalRow[]): string {
  const { input } =
    dataOf<{ readonly input?: Readonly<Record<string, unknown>> | null }>(entries, 'step_started') ?? {};
  const [only, ...more] = Object.values(input ?? {});
  return typeof only === 'string' && more.length === 0 && only.length <= LONGEST ? only : '';
}

const LONGEST = 100;

function ended(entries: readonly JournalRow[]): string {
  const { status = '', error } = dataOf<Ended>(entries, 'step_ended') ?? {};
  const end = ENDS[status];
  if (end === undefined) return '';
  return error?.message === undefined ? `; ${end}` : `; ${end}: ${error.message}`;
}
