import type { CallResult } from '@counterpoint/sdk';
import { type FormField, shownAtFirst } from '../../ui/schema-fields.ts';
import { shortDuration } from '../../ui/times.ts';
import { countdown } from '../effects/effect-words.ts';

/** A line of the inbox. */
export type MatterLine = CallResult<'listInbox'>['items'][number];
/** A matter as its own screen shows it. */
export type Matter = CallResult<'getInboxItem'>;
/** One call that an approval lets happen. */
export type CoveredCall = Matter['covers'][number];

const OTHERWISE = {
  deny: 'it counts as denied',
  approve: 'it counts as approved',
  fail: 'the run fails',
  continue: 'the run goes on without an answer',
} as const;

const HOUR = 3_600_000;

/** How long people have, and what happens then. */
export function dueOf(
  { due_at, otherwise }: Pick<MatterLine, 'due_at' | 'otherwise'>,
  now: number,
): { readonly text: string; readonly soon: boolean } {
  if (due_at === null) return { text: 'No time limit: it waits until somebody decides', soon: false };
  const left = due_at - now;
  if (left <= 0) return { text: `Its time is over: ${OTHERWISE[otherwise]}`, soon: true };
  return { text: `${countdown(left)} left, then ${OTHERWISE[otherwise]}`, soon: left < HOUR };
}

/** Whom it asks, in words. */
export function askedWords({
  role,
  users,
  quorum,
  kind,
}: Pick<MatterLine, 'role' | 'users' | 'quorum' | 'kind'>): string {
  const who = [
    users.length > 0 ? users.map((user) => user.replace(/^user:/, '')).join(', ') : '',
    role === '' ? '' : `the role ${role}`,
  ]
    .filter((part) => part !== '')
    .join(' with ');
  const asked = who === '' ? 'anybody who may decide' : who;
  if (kind === 'question') return `Asks ${asked}; the first answer counts`;
  return quorum === 1
    ? `Asks ${asked}; one approval is enough`
    : `Asks ${asked}; ${quorum} different people must approve`;
}

/** How the votes stand: `1 of 2 approved`; empty where one is enough. */
export function quorumWords({ quorum, approvals, kind }: Pick<MatterLine, 'quorum' | 'approvals' | 'kind'>): string {
  return kind === 'approval' && quorum > 1 ? `${approvals} of ${quorum} approved` : '';
}

/** How the votes on one matter stand, as {@link quorumWords} says it. */
export function standingWords({ quorum, kind, votes }: Pick<Matter, 'quorum' | 'kind' | 'votes'>): string {
  return quorumWords({ quorum, kind, approvals: votes.filter(({ vote }) => vote === 'approve').length });
}

/** What a matter is about that neither a run nor a held change asks: its words and its screen; undefined for others. */
export function aboutOf(about: string): { readonly words: string; readonly path: string } | undefined {
  const colon = about.indexOf(':');
  const id = about.slice(colon + 1);
  switch (about.slice(0, colon)) {
    case 'retraction':
      return { words: 'The verdict that was revised', path: `/trace/${encodeURIComponent(`event:${id}`)}` };
    case 'storm':
      return { words: 'Events that are held', path: '/fabric/dead?show=held' };
    default:
      return undefined;
  }
}

/** What the calls of a matter are: what will run is only what nobody has decided about yet. */
export function coversTitle(status: string): string {
  if (status === 'open') return 'What will run';
  return status === 'approved' ? 'What was let run' : 'What would have run';
}

/** What a call is called: `Block an address (fortigate.ban_ip)`. */
export function callName({ kind, title, connector, action, playbook }: CoveredCall): string {
  const id = kind === 'call' ? `playbook ${playbook}` : `${connector}.${action}`;
  return title === '' ? id : `${title} (${id})`;
}

const ENDS = {
  undone: 'can be taken back',
  expires: 'the product ends it by itself',
  stays: 'stays until somebody undoes it by hand',
  nothing: '',
} as const;

/** How long the change of a call stays, and how it ends. */
export function endWords({ lease, end, effect }: Pick<CoveredCall, 'lease' | 'end' | 'effect'>): string {
  const how = ENDS[end];
  if (effect === null || end === 'nothing') return how;
  return lease === null ? `No end: it ${how}` : `For ${shortDuration(lease)}; ${how}`;
}

/** What a call would go through, in words. */
export function throughWords({
  kind,
  connection,
  through,
}: Pick<CoveredCall, 'kind' | 'connection' | 'through'>): string {
  if (kind === 'call') return '';
  if (through !== null) return through.title === through.id ? through.id : `${through.title} (${through.id})`;
  return connection ?? 'nobody knows yet: there is none, or more than one';
}

/** How much an approval reaches: `3 calls on 2 targets, 1 of them destroy`. */
export function reachWords(covers: readonly CoveredCall[]): string {
  if (covers.length === 0) return 'It lets nothing happen by itself; the playbook goes on with the answer.';
  const targets = new Set(covers.map(({ target }) => target).filter((target) => target !== ''));
  const grave = covers.filter(({ effect }) => effect === 'destroy').length;
  const parts = [
    `${covers.length} ${covers.length === 1 ? 'call' : 'calls'}`,
    targets.size > 0 ? ` on ${targets.size} ${targets.size === 1 ? 'target' : 'targets'}` : '',
    grave > 0 ? `, ${grave === covers.length ? 'nothing of it' : `${grave} of them not`} to be undone` : '',
  ];
  return `${parts.join('')}.`;
}

const VOTES = { approve: 'approved', deny: 'denied', answer: 'answered', delegate: 'handed it over' } as const;

/** What somebody did about a matter. */
export function voteWords(vote: Matter['votes'][number]['vote']): string {
  return VOTES[vote];
}

const ENDED: Readonly<Record<string, string>> = {
  expired: 'Its time is over, and nobody can decide it any more.',
  cancelled: 'It is not asked any more: what asked has ended.',
};

/** Why somebody cannot decide a matter (any longer). @param user Id of whoever looks. */
export function notYours(
  matter: Pick<Matter, 'status' | 'votes' | 'excluded' | 'due_at'>,
  user: string,
  now: number,
): string {
  const { status, votes, excluded, due_at } = matter;
  if (status !== 'open') return ENDED[status] ?? 'It is decided. Nothing more can be said about it.';
  if (due_at !== null && due_at <= now) return ENDED.expired ?? '';
  const own = votes.find(({ principal }) => principal === `user:${user}`);
  if (own) return `You ${voteWords(own.vote)}. Others are still asked.`;
  if (excluded.includes(`user:${user}`))
    return 'You began it, and whoever began it may not decide it. Others who are asked can.';
  return 'It does not ask you. Others who are asked can decide it.';
}

/** The schema of a form, when it is one with fields. */
export function formOf(form: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof form !== 'object' || form === null || Array.isArray(form)) return undefined;
  const { properties } = form as { readonly properties?: unknown };
  const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties).length : 0;
  return fields === 0 ? undefined : (form as Readonly<Record<string, unknown>>);
}

/** What a form shows at first: its defaults; a switch that must be set is off until somebody turns it on. */
export function valuesAtFirst(fields: readonly FormField[]): Readonly<Record<string, unknown>> {
  const off = fields.filter(({ kind, required }) => kind === 'switch' && required).map(({ name }) => [name, false]);
  return { ...Object.fromEntries(off), ...shownAtFirst(fields) };
}
