import type { CallArguments } from '@counterpoint/sdk';
import { oneOf, several, text, type UrlState } from '../../../ui/url-fields.ts';

/** States of runs, the ones that want somebody first. */
export const RUN_STATES = ['failed', 'waiting', 'running', 'queued', 'succeeded', 'cancelled'] as const;

const TRIGGER_KINDS = ['alert', 'topic', 'case', 'schedule', 'webhook', 'page', 'manual', 'call', 'rerun'] as const;

/** How far back a list reaches. */
export const SPANS = {
  hour: { label: 'Last hour', millis: 3_600_000 },
  day: { label: 'Last day', millis: 86_400_000 },
  week: { label: 'Last 7 days', millis: 7 * 86_400_000 },
  month: { label: 'Last 30 days', millis: 30 * 86_400_000 },
} as const;

type Span = keyof typeof SPANS;

/** What the list of runs keeps in its address. */
export const listState = {
  q: text(),
  status: several(RUN_STATES),
  trigger: several(TRIGGER_KINDS),
  playbook: text(),
  version: text(),
  error: text(),
  observable: text(),
  case: text(),
  alert: text(),
  span: oneOf(Object.keys(SPANS) as Span[]),
};

/** The state of the list of runs. */
export type ListState = UrlState<typeof listState>;

/** What is asked of the server. @param now the moment that the list was opened, to the minute, so that the same list is the same question */
export function queryOf(state: ListState, now: number): NonNullable<CallArguments<'listRuns'>['query']> {
  const { q, status, trigger, playbook, version, error, observable, case: held, alert, span } = state;
  return {
    limit: 100,
    ...(q ? searchOf(q) : {}),
    ...(status?.length ? { status: status.join(',') } : {}),
    ...(trigger?.length ? { trigger_kind: trigger.join(',') } : {}),
    ...(playbook ? { playbook } : {}),
    ...(version ? { version } : {}),
    ...(error ? { error_code: error } : {}),
    ...(observable ? { observable } : {}),
    ...(held ? { case: held } : {}),
    ...(alert ? { alert } : {}),
    ...(span ? { since: now - SPANS[span].millis } : {}),
  };
}

/** What the codes of our errors begin with. A name such as `login.ru` looks like a code, and is none. */
const NAMESPACES =
  'actions|api|audit|cases|connector|core|engine|events|expressions|fabric|formats|gateway|guard|identity|ingest|playbook|sdk|server|store|vault';
const OUR_CODE = new RegExp(`^(?:${NAMESPACES})\\.[a-z][a-z_]*$`);
/** A code that a playbook made up; no name on the internet has an underscore in its last two parts. */
const OTHER_CODE = /^(?=.*_)[a-z][a-z_]*\.[a-z][a-z_]*$/;
const OBSERVABLE = /[@:/]|\.|\[|^[0-9a-f]{32,64}$/i;

/** What the one search field means: an error code, something that looks like an observable, or an id or title. */
export function searchOf(text: string): { error_code?: string; observable?: string; q?: string } {
  const wanted = text.trim();
  if (wanted === '') return {};
  if (OUR_CODE.test(wanted) || OTHER_CODE.test(wanted)) return { error_code: wanted };
  return OBSERVABLE.test(wanted) && !/\s/.test(wanted) ? { observable: wanted } : { q: wanted };
}

/** Whether anything narrows the list. */
export function isNarrowed(state: ListState): boolean {
  return Object.values(state).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '',
  );
}
