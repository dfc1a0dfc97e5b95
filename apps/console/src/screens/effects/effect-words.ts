import type { CallResult } from '@counterpoint/sdk';
import { shortDuration } from '../../ui/times.ts';

/** A change as the list shows it. */
export type Change = CallResult<'listEffects'>['items'][number];
/** A change as its own screen shows it. */
export type WholeChange = CallResult<'getEffect'>;

/** What is left of a time in two figures at most: `23 h 58 min`, `4 min 10 s`, `9 d 3 h`; `now` when nothing is. */
export function countdown(millis: number): string {
  const seconds = Math.floor(millis / 1_000);
  if (seconds <= 0) return 'now';
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([figure]) => figure > 0);
  return parts
    .slice(first, first + 2)
    .filter(([figure]) => figure > 0)
    .map(([figure, unit]) => `${figure} ${unit}`)
    .join(' ');
}

/** How long something stays. */
export interface Stay {
  readonly text: string;
  /** It ends within the hour. */
  readonly soon: boolean;
  /** No time ends it. */
  readonly lasting: boolean;
}

const HOUR = 3_600_000;

type Lasting = Pick<Change, 'lease_until' | 'ended_at' | 'state' | 'claims'>;

/** Until when a change stays, in words. */
export function stayOf({ lease_until, ended_at, state, claims }: Lasting, now: number): Stay {
  const over = state === 'performed' ? 'done' : 'ended';
  if (ended_at !== null) return { text: `${over} ${ago(now - ended_at)}`, soon: false, lasting: false };
  if (state === 'held') return { text: 'not there yet', soon: false, lasting: false };
  if (state === 'undoing') return { text: 'being undone', soon: true, lasting: false };
  if (state === 'unknown') return { text: 'nobody knows', soon: false, lasting: false };
  if (state === 'undo_failed') return { text: 'until it is undone', soon: true, lasting: false };
  const ofCase = claims.some(({ holder, ended_at: ended }) => ended === null && holder.startsWith('case:'));
  if (lease_until === null) {
    return { text: ofCase ? 'while its case is open' : 'until somebody undoes it', soon: false, lasting: !ofCase };
  }
  const left = lease_until - now;
  if (left <= 0) return { text: 'due now', soon: true, lasting: false };
  const time = countdown(left);
  return { text: ofCase ? `while its case is open, at most ${time}` : time, soon: left < HOUR, lasting: false };
}

function ago(millis: number): string {
  return millis < 5_000 ? 'just now' : `${shortDuration(millis)} ago`;
}

/** What the product said when a change was read back and was not as the ledger has it; empty: nothing of the kind. */
export function driftOf({ error }: Pick<Change, 'error'>): string {
  const finding = (error as { readonly finding?: unknown } | null)?.finding;
  if (finding === 'gone') return 'not there any more in the product';
  if (finding === 'changed') return 'ends earlier in the product';
  return typeof finding === 'string' ? `${finding} in the product` : '';
}

type Why = Change['why'];

/** What ran, without the step of it that acted. */
function withoutStep<Reason extends Why[number]>(reason: Reason): Reason {
  return reason.ref.startsWith('run:') ? { ...reason, title: reason.title.replace(/, step \S+$/, '') } : reason;
}

/** The nearest reason (who did it) and the one that people know it by (the alert, the case, the event). */
export function reasonsInShort(why: Why): Why {
  const [first, ...rest] = why;
  if (!first) return [];
  const root =
    rest.findLast(({ kind }) => kind === 'alert') ??
    rest.find(({ kind }) => kind === 'case') ??
    rest.findLast(({ kind }) => kind === 'event' || kind === 'person' || kind === 'participant');
  return root ? [withoutStep(first), root] : [withoutStep(first)];
}

/** The undo of a change that nobody knows the outcome of, and that a person may settle; an edge node settles its own. */
export function lostUndoOf({
  undos,
  site,
}: Pick<WholeChange, 'undos' | 'site'>): WholeChange['undos'][number] | undefined {
  return site === '' ? undos.find(({ state }) => state === 'unknown') : undefined;
}

/** Whether a change can be undone by hand now: it may stand, and is not being undone already. */
export function mayBeUndone({ state, ended_at, undo_of }: Pick<Change, 'state' | 'ended_at' | 'undo_of'>): boolean {
  return ended_at === null && undo_of === '' && state !== 'undoing' && state !== 'held';
}

const NAMED = 3;

/** What an undo takes from whom, when more than one wants the change in force. */
export function wantedWords(holders: readonly string[]): string {
  const more = holders.length - NAMED;
  const named = holders.slice(0, NAMED).join('; ');
  return `${holders.length} want it in force, and lose it: ${named}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Whether a change can be claimed for longer. */
export function mayBeExtended({ state, ended_at, undo_of }: Pick<Change, 'state' | 'ended_at' | 'undo_of'>): boolean {
  return ended_at === null && undo_of === '' && state === 'performed';
}

/** The first of some reasons, and how many others there are. */
function several(reasons: readonly string[]): string {
  const [first = '', ...others] = new Set(reasons);
  return others.length === 0 ? first : `${first} (and ${others.length} other reason${others.length === 1 ? '' : 's'})`;
}

/** The code of what a kill switch refuses. */
const STOPPED = 'guard.switch_engaged';

/** What became of an undo: how many in short, and why not all; `why` is empty when nothing stayed. */
export function undoneWords({ undone, kept, failed }: Pick<CallResult<'undoEffects'>, 'undone' | 'kept' | 'failed'>): {
  readonly what: string;
  readonly why: string;
} {
  const counts = [
    ...(undone.length > 0 ? [`${undone.length} undone`] : []),
    ...(kept.length > 0 ? [`${kept.length} kept`] : []),
    ...(failed.length > 0 ? [`${failed.length} not undone`] : []),
  ];
  const why = [
    ...(kept.length > 0 ? [`Kept: ${several(kept.map(({ reason }) => reason))}.`] : []),
    ...(failed.length > 0 ? [several(failed.map(({ message }) => message))] : []),
    // What a kill switch refused has not begun, and does not go on by itself.
    ...(failed.some(({ code }) => code !== STOPPED) ? ['It is tried again by itself.'] : []),
  ];
  return { what: counts.length === 0 ? 'There was nothing left to undo' : counts.join(' · '), why: why.join(' ') };
}

/** One moment in the life of a change. */
export interface Moment {
  readonly at: number;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'busy' | 'calm';
  /** It has not come yet. */
  readonly ahead: boolean;
}

/** The life of a change, oldest first, what is to come at the end. */
export function lifeOf(effect: WholeChange, now: number): readonly Moment[] {
  const moments: Moment[] = [];
  const add = (at: number | null, text: string, tone: Moment['tone']) => {
    if (at !== null) moments.push({ at, text, tone, ahead: at > now });
  };
  add(effect.created_at, effect.state === 'held' ? 'Asked for; held for people' : 'Asked for', 'busy');
  // A message was never in force: its end says that it is done.
  const lasted = effect.state !== 'performed' || effect.ended_at === null;
  if (lasted) add(effect.performed_at, effect.preexisting ? 'It was so before us' : 'In force', 'good');
  for (const claim of effect.claims) {
    if (claim.created_at > effect.created_at + 1_000) add(claim.created_at, 'Claimed by one more', 'busy');
    add(claim.ended_at, 'A claim ended', 'calm');
  }
  for (const undo of effect.undos) {
    add(undo.created_at, `Undo by ${undo.principal}`, 'busy');
    if (undo.state === 'failed') add(undo.ended_at, 'The undo failed', 'bad');
  }
  if (effect.state === 'undo_failed') add(effect.wake_at, 'The undo is tried again', 'warn');
  add(effect.ended_at, endOf(effect.state), effect.state === 'failed' ? 'bad' : 'calm');
  const stays = effect.ended_at === null && !['held', 'undoing', 'undo_failed'].includes(effect.state);
  if (stays) add(effect.lease_until, 'Its time ends', 'warn');
  // Claims that end together are one moment.
  return [...new Map(moments.map((one) => [`${one.at} ${one.text}`, one])).values()].sort((a, b) => a.at - b.at);
}

function endOf(state: string): string {
  if (state === 'undone') return 'Undone';
  if (state === 'failed') return 'It did not happen';
  return state === 'expired' ? 'Over' : 'Done; nothing of it lasts';
}
