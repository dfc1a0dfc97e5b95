import type { CallResult } from '@counterpoint/sdk';
import type { Tone } from '../../ui/states.ts';

/** The overview as the API gives it. */
export type Overview = CallResult<'overview'>;
/** Something that needs somebody. */
export type Matter = Overview['matters'][number];

/** How a matter is shown: what it is, and the one place to deal with it. */
export interface ShownMatter {
  readonly title: string;
  /** The verb on the button. */
  readonly verb: string;
  readonly path: string;
}

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** To the one thing, when there is one only; else to the list of them. */
function lead({ ids, count }: Matter, one: (id: string) => string, list: string): string {
  const [id] = ids;
  return count === 1 && id !== undefined ? one(encodeURIComponent(id)) : list;
}

const SHOWN: Readonly<Record<Matter['kind'], (matter: Matter) => ShownMatter>> = {
  switch_engaged: ({ ids, count }) => ({
    title: ids.includes('global')
      ? 'The kill switch is on: nothing new is done'
      : `${plural(count, 'kill switch is', 'kill switches are')} on: ${ids.join(', ')}`,
    verb: 'Look',
    path: '/effects',
  }),
  approvals_open: (matter) => ({
    title: `${plural(matter.count, 'decision waits', 'decisions wait')} for people`,
    verb: 'Decide',
    path: lead(matter, (id) => `/approvals/${id}`, '/approvals'),
  }),
  outcome_unknown: (matter) => ({
    title: `${plural(matter.count, 'change has', 'changes have')} an unknown outcome`,
    verb: 'Settle',
    path: lead(matter, (id) => `/effects/${id}`, '/effects?state=unknown'),
  }),
  undo_failed: (matter) => ({
    title: `${plural(matter.count, 'undo', 'undos')} failed: what was to end may still be in force`,
    verb: 'Look',
    path: lead(matter, (id) => `/effects/${id}`, '/effects?state=undo_failed'),
  }),
  storm: (matter) => ({
    title: `${plural(matter.count, 'reaction is', 'reactions are')} stopped by a storm`,
    verb: 'Decide',
    path: lead(matter, (id) => `/fabric/reactions/${id}`, '/fabric/reactions'),
  }),
  account_broken: (matter) => ({
    title: `The account of ${plural(matter.count, 'source does', 'sources do')} not add up`,
    verb: 'Look',
    path: lead(matter, (id) => `/sources/${id}`, '/sources'),
  }),
  connection_failing: (matter) => ({
    title: `${plural(matter.count, 'connection fails', 'connections fail')}`,
    verb: 'Mend',
    path: lead(matter, (id) => `/connections/${id}`, '/connectors?connected=yes'),
  }),
  dead_letters: ({ count }) => ({
    title: `${plural(count, 'event was', 'events were')} given up by who should take ${count === 1 ? 'it' : 'them'}`,
    verb: 'Look',
    path: '/fabric/dead',
  }),
  runs_failed: (matter) => ({
    title: `${plural(matter.count, 'run', 'runs')} failed in the last 24 hours`,
    verb: 'Look',
    path: lead(matter, (id) => `/runs/${id}`, '/runs?status=failed'),
  }),
  source_silent: (matter) => ({
    title: `${plural(matter.count, 'source has', 'sources have')} gone silent`,
    verb: 'Look',
    path: lead(matter, (id) => `/sources/${id}`, '/sources'),
  }),
  alerts_waiting: (matter) => ({
    title: `${plural(matter.count, 'serious alert lies', 'serious alerts lie')} untouched for over an hour`,
    verb: 'Take up',
    path: lead(matter, (id) => `/alerts/${id}`, '/alerts?status=new&sort=severity'),
  }),
  cases_waiting: (matter) => ({
    title: `${plural(matter.count, 'serious case has', 'serious cases have')} had no owner for over an hour`,
    verb: 'Take up',
    path: lead(matter, (id) => `/cases/${id}`, '/cases?status=open&owner=none&severity=fatal,critical,high'),
  }),
};

/** How a matter is shown. */
export function shownMatter(matter: Matter): ShownMatter {
  return SHOWN[matter.kind](matter);
}

/** The tone of an urgency. */
export const URGENCY: Readonly<Record<Matter['urgency'], { readonly word: string; readonly tone: Tone }>> = {
  now: { word: 'now', tone: 'bad' },
  soon: { word: 'soon', tone: 'warn' },
  note: { word: 'note', tone: 'calm' },
};
