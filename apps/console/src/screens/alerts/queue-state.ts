import type { CallArguments } from '@counterpoint/sdk';
import { refang } from '../../ui/untrusted-text.ts';
import { flag, oneOf, readUrl, several, text, type UrlState } from '../../ui/url-fields.ts';

/** The state of the queue, as it stands in the address. */
export const queueState = {
  q: text(),
  /** Looks for the search text in titles although it reads as an observable. */
  words: flag,
  status: several(),
  /** Alerts of every status; without it, and without a search, only what is still to do. */
  all: flag,
  severity: several(),
  verdict: several(),
  source: several(),
  case: text(),
  observable: text(),
  simulated: oneOf(['true', 'false']),
  within: oneOf(['1h', '24h', '7d', '30d']),
  sort: oneOf(['newest', 'severity', 'last_seen', 'count']),
};

/** What {@link queueState} reads. */
export type QueueState = UrlState<typeof queueState>;

type Query = NonNullable<CallArguments<'listAlerts'>['query']>;

const HOUR = 3_600_000;
const WITHIN = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR, '30d': 30 * 24 * HOUR } as const;
/** A time that moves on with every drawing would be another question each time. */
const STEP = 60_000;

const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
const IPV6 = /^(?=.*:.*:)[0-9a-f:.]+(?:\/\d{1,3})?$/i;
const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]\.?$/i;
const CVE = /^CVE-\d{4}-\d{4,}$/i;

/** The first octets of an address; the first letters of a hash, too long for an id; any value with a star behind; `*.domain`. */
const BEGINNINGS = [
  /^(?:\d{1,3}\.){1,3}$/,
  /^(?:\d{1,3}\.){2}\d{1,3}$/,
  /^(?=.*[a-f])[0-9a-f]{12,}$/i,
  /^\S{3,}\*$/,
  /^\*?\.[^\s.]\S*$/,
];

/** What a search text means as a value: one value, all that begin so, a domain with all below it; undefined: words. */
export function valueMeant(text: string): 'value' | 'beginning' | 'below' | undefined {
  const value = refang(text);
  if ([HASH, IPV4, IPV6, URL_LIKE, MAIL, DOMAIN, CVE].some((form) => form.test(value))) {
    return /\/(?:8|16|24)$/.test(value) && IPV4.test(value) ? 'beginning' : 'value';
  }
  if (!BEGINNINGS.some((form) => form.test(value))) return undefined;
  return value.startsWith('*') || value.startsWith('.') ? 'below' : 'beginning';
}

/** A domain with all below it, as a search text; undefined when the text is no domain. */
export function withAllBelow(text: string): string | undefined {
  const value = refang(text);
  return DOMAIN.test(value) && !IPV4.test(value) ? `*.${value}` : undefined;
}

/** Whether a search text is an address, name, hash, URL or the like, or the beginning of one, defanged or not, and not words of a title. */
export function looksObservable(text: string): boolean {
  return valueMeant(text) !== undefined;
}

/** The statuses that are shown: those chosen, else what is still to do, unless something is looked for. */
export function statusesOf(state: QueueState): readonly string[] {
  const { status, all, case: inCase, observable, q } = state;
  if (status && status.length > 0) return status;
  return all || inCase || observable || q ? [] : ['new', 'in_progress'];
}

const joined = (values: readonly string[] | undefined) =>
  values === undefined || values.length === 0 ? undefined : values.join(',');

/** What is asked of the server for a state of the queue, without order and page. */
export function filterOf(state: QueueState, now: number): Omit<Query, 'limit' | 'cursor' | 'sort'> {
  const text = state.q?.trim() ?? '';
  const observable = state.observable ?? (!state.words && looksObservable(text) ? refang(text) : undefined);
  const fields = {
    q: observable === undefined || state.observable !== undefined ? text || undefined : undefined,
    status: joined(statusesOf(state)),
    severity: joined(state.severity),
    verdict: joined(state.verdict),
    source: joined(state.source),
    case: state.case,
    observable,
    simulated: state.simulated,
    since: state.within && Math.floor((now - WITHIN[state.within]) / STEP) * STEP,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The shortcuts above the list: what people look at most. */
export const VIEWS: readonly { readonly title: string; readonly state: Partial<QueueState> }[] = [
  { title: 'To do', state: {} },
  { title: 'Grave and new', state: { status: ['new'], severity: ['fatal', 'critical', 'high'], sort: 'severity' } },
  { title: 'In no case', state: { status: ['new', 'in_progress'], case: 'none' } },
  { title: 'All', state: { all: true } },
];

/** Every field of the state, emptied: what a shortcut begins from. */
export const NOTHING_CHOSEN: QueueState = readUrl(queueState, {});

/** The fields that are set, in their order, as text to be compared. */
function setFields(state: Partial<QueueState>): string {
  return JSON.stringify({ ...NOTHING_CHOSEN, ...state }, (_name, value: unknown) =>
    value === false ? undefined : value,
  );
}

/** Whether a shortcut is what is shown. */
export function isShown(view: Partial<QueueState>, state: QueueState): boolean {
  return setFields(view) === setFields(state);
}
