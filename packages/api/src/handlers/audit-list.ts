import { readPeople } from '@counterpoint/actions';
import type { AuditRow, Reader } from '@counterpoint/events';
import type { ApiRequest } from '../handler-types.ts';
import { conditions, pageRows } from '../paging.ts';

type AuditQuery = ApiRequest<'listAudit'>['query'];

/** The last row up to a time; the log is written in the order of time, so that nothing before it is later. */
async function lastUpTo(reader: Reader, until: number): Promise<number> {
  const orderBy = [{ column: 'at', descending: true }] as const;
  const [row] = await reader.find('audit', { where: { at: { lte: until } }, orderBy, limit: 1 });
  return row?.seq ?? 0;
}

/** Answers a page of the audit log, newest first, with the names of those who acted. */
export async function listAudit(reader: Reader, query: AuditQuery) {
  const where = conditions<AuditRow>({
    principal: query.principal,
    action: query.action,
    object: query.object,
    at: query.since === undefined ? undefined : { gte: query.since },
    seq: query.until === undefined ? undefined : { lte: await lastUpTo(reader, query.until) },
  });
  const { rows, next } = await pageRows(reader, 'audit', query, { column: 'seq', key: 'seq', where });
  const people = await readPeople(
    reader,
    rows.map(({ principal }) => principal),
  );
  return { items: rows.map((row) => ({ ...row, who: people.nameOf(row.principal) })), next };
}
