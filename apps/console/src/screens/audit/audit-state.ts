import type { CallArguments } from '@counterpoint/sdk';
import { text, type UrlState, whole } from '../../ui/url-fields.ts';

/** What the audit log shows, as it stands in the address. Days are `YYYY-MM-DD` in the time of whoever looks. */
export const auditState = {
  principal: text(),
  action: text(),
  object: text(),
  from: text(),
  to: text(),
  row: whole,
};

type AuditState = UrlState<typeof auditState>;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The first moment of a day, or of the one `later` days after it; undefined when it is no day. */
export function startOfDay(day: string | undefined, later = 0): number | undefined {
  const [, year, month, date] = DAY.exec(day ?? '') ?? [];
  if (year === undefined) return undefined;
  const at = new Date(Number(year), Number(month) - 1, Number(date) + later).getTime();
  return Number.isNaN(at) ? undefined : at;
}

/** What is asked of the server. */
export function queryOf({
  principal,
  action,
  object,
  from,
  to,
}: AuditState): NonNullable<CallArguments<'listAudit'>['query']> {
  const end = startOfDay(to, 1);
  return {
    limit: 100,
    principal: principal?.trim() || undefined,
    action: action?.trim() || undefined,
    object: object?.trim() || undefined,
    since: startOfDay(from),
    until: end === undefined ? undefined : end - 1,
  };
}

const SHOWN = 3;

/** The first short values of what is kept beside an entry: `reason wrong host · happened true`. */
export function summaryOf(data: unknown): string {
  if (data === null || typeof data !== 'object') return data === null ? '' : String(data);
  return Object.entries(data)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .slice(0, SHOWN)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value).slice(0, 80)}`)
    .join(' · ');
}
