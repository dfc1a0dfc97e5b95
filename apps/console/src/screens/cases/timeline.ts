import type { CallResult } from '@counterpoint/sdk';

type Entry = CallResult<'listCaseEntries'>['items'][number];
type Run = CallResult<'listRuns'>['items'][number];
type Effect = CallResult<'listEffects'>['items'][number];

/** What a timeline can be narrowed to. */
export type TimelineKind = 'note' | 'alert' | 'observable' | 'state' | 'run' | 'change';

/** One line of the timeline of a case, whoever did it. */
export interface Moment {
  readonly id: string;
  readonly at: number;
  readonly kind: TimelineKind;
  /** What happened, in our words. */
  readonly words: string;
  /** What it says or is about; may be of unknown origin. */
  readonly text: string;
  /** Where it is shown; empty: nowhere. */
  readonly ref: string;
  /** Who did it: a reference. */
  readonly by: string;
  /** State of a run or change, for its badge; empty: none. */
  readonly state: string;
}

const ENTRIES: Readonly<Record<string, readonly [kind: TimelineKind, words: string]>> = {
  opened: ['state', 'opened the case'],
  note: ['note', 'noted'],
  alert_added: ['alert', 'put an alert in'],
  alert_removed: ['alert', 'took an alert out'],
  observable_added: ['observable', 'added an observable'],
  status: ['state', 'set'],
  owner: ['state', 'handed it to'],
  summary: ['state', 'wrote the summary'],
  effect: ['change', 'changed something'],
  run: ['run', 'ran'],
};

function refOf({ kind, data }: Entry): string {
  if (kind !== 'alert_added' && kind !== 'alert_removed') return '';
  const alert = (data as { readonly alert?: unknown } | null)?.alert;
  return typeof alert === 'string' ? `alert:${alert}` : '';
}

function ofEntry(entry: Entry): Moment {
  const { id, at, text, principal } = entry;
  const [kind, words] = ENTRIES[entry.kind] ?? ['state', entry.kind.replaceAll('_', ' ')];
  return { id, at, kind, words, text, ref: refOf(entry), by: principal, state: '' };
}

const ENDED: Readonly<Record<string, string>> = {
  succeeded: 'ended well',
  failed: 'failed',
  cancelled: 'was cancelled',
};

function ofRun(run: Run): Moment[] {
  const { id, title, status, created_at, ended_at } = run;
  const shared = { kind: 'run' as const, text: title, ref: `run:${id}`, by: `playbook:${run.playbook}` };
  const begun = { ...shared, id: `${id} begun`, at: created_at, words: 'began to run', state: '' };
  if (ended_at === null) return [{ ...begun, state: status }];
  return [begun, { ...shared, id: `${id} ended`, at: ended_at, words: ENDED[status] ?? status, state: status }];
}

function ofEffect(effect: Effect): Moment[] {
  const { id, connector, action, target, state, performed_at, created_at, ended_at, principal } = effect;
  const text = `${connector}: ${action.replaceAll('_', ' ')}${target === '' ? '' : ` ${target}`}`;
  const shared = { kind: 'change' as const, text, ref: `effect:${id}`, by: principal };
  const at = performed_at ?? created_at;
  const done = {
    ...shared,
    id: `${id} done`,
    at,
    words: performed_at === null ? 'began to change' : 'changed',
    state: '',
  };
  if (ended_at === null) return [{ ...done, state }];
  // A message is done, and nothing of it is taken back.
  if (state === 'performed') return [done];
  const words = state === 'failed' ? 'could not change' : state === 'expired' ? 'let end' : 'took back';
  return [...(performed_at === null ? [] : [done]), { ...shared, id: `${id} over`, at: ended_at, words, state }];
}

/**
 * One timeline of people and machine, newest first. While older lines are still to be read, what runs and changes did before
 * the oldest of those read so far waits for them.
 *
 * @param complete whether all entries were read.
 */
export function timelineOf(
  entries: readonly Entry[],
  runs: readonly Run[],
  effects: readonly Effect[],
  complete: boolean,
): readonly Moment[] {
  const machine = [...runs.flatMap(ofRun), ...effects.flatMap(ofEffect)];
  const oldest = complete ? Number.NEGATIVE_INFINITY : (entries.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
  const all = [...entries.map(ofEntry), ...machine.filter(({ at }) => at >= oldest)];
  return all.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

/** Whether a person did it, and no machine. */
export function isPerson(by: string): boolean {
  return by.startsWith('user:') || by.startsWith('token:');
}

/** Whom a reference means, as people say it: a name, `the playbook x`, `the source x`. */
export function whoIs(by: string, names: ReadonlyMap<string, string>): string {
  const colon = by.indexOf(':');
  if (colon === -1) return by === 'system' ? 'Counterpoint' : by;
  const [kind, id] = [by.slice(0, colon), by.slice(colon + 1)];
  if (kind === 'user') return names.get(id) ?? 'somebody';
  if (kind === 'token') return 'an API token';
  return `${kind} ${id}`;
}
