import { mentionedIn, readPeople } from '@counterpoint/actions';
import type { JournalRow, Reader, RunRow, Where } from '@counterpoint/events';
import { cursorBehind, pageRows } from '../paging.ts';
import { type RunListQuery, wheresOf } from './run-filter.ts';
import { durationOf, matterView, messageOf, namedRunView } from './run-shapes.ts';
import type { VersionNumbers } from './version-numbers.ts';

const ORDER = { column: 'created_at', key: 'id' } as const;
/** So many newest facts and open matters are read for a page. */
const MANY = 5_000;

/** One page of runs with what a list shows of each: the same few queries whatever the number of runs. */
export async function listRuns(reader: Reader, numbers: VersionNumbers, query: RunListQuery, now: number) {
  const { rows, next } = await pageOfAny(reader, query, await wheresOf(reader, query));
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return { items: [], next };
  const playbooks = [...new Set(rows.map(({ playbook }) => playbook))];
  const [titles, versions, matters, last, people] = await Promise.all([
    reader.find('playbooks', { where: { id: { in: playbooks } }, limit: playbooks.length }),
    numbers.of(rows.map(({ version }) => version)),
    reader.find('inbox_items', { where: { run: { in: ids }, status: 'open' }, limit: MANY }),
    newestFacts(reader, rows),
    readPeople(reader, rows.map(messageOf).flatMap(mentionedIn)),
  ]);
  const titleOf = new Map(titles.map(({ id, title }) => [id, title]));
  const waiting = Map.groupBy(matters, ({ run }) => run);
  const items = rows.map((row) => ({
    ...namedRunView(row, people),
    title: titleOf.get(row.playbook) ?? row.playbook,
    number: versions.get(row.version) ?? null,
    error_code: row.error_code,
    case_id: row.case_id,
    duration: durationOf(row, now),
    last: last.get(row.id) ?? null,
    waits_for: (waiting.get(row.id) ?? []).map(matterView),
  }));
  return { items, next };
}

/** One page of the runs that fit any of some conditions, newest first. */
async function pageOfAny(
  reader: Reader,
  request: Pick<RunListQuery, 'limit' | 'cursor'>,
  wheres: readonly Where<RunRow>[],
): Promise<{ readonly rows: readonly RunRow[]; readonly next: string | null }> {
  const pages = await Promise.all(wheres.map((where) => pageRows(reader, 'runs', request, { ...ORDER, where })));
  const [only] = pages;
  if (only && pages.length === 1) return only;
  const found = new Map(pages.flatMap((page) => page.rows.map((row) => [row.id, row] as const)));
  const sorted = [...found.values()].sort(
    (a, b) => b.created_at - a.created_at || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
  );
  const rows = sorted.slice(0, request.limit);
  const last = rows.at(-1);
  const more = sorted.length > rows.length || pages.some(({ next }) => next !== null);
  return { rows, next: more && last ? cursorBehind(last, ORDER) : null };
}

/** The newest fact of each run that goes on. */
async function newestFacts(reader: Reader, rows: readonly RunRow[]) {
  const live = rows.filter(({ ended_at, seq }) => ended_at === null && seq > 0);
  if (live.length === 0) return new Map<string, never>();
  const last = new Map(live.map(({ id, seq }) => [id, seq]));
  // One query for all: the few entries of other runs with these sequences are left out again.
  const entries: readonly JournalRow[] = await reader.find('journal', {
    where: { run: { in: [...last.keys()] }, seq: { in: [...new Set(last.values())] } },
    limit: MANY,
  });
  return new Map(
    entries.flatMap(({ run, seq, kind, address, at }) =>
      last.get(run) === seq ? [[run, { kind, address, at }] as const] : [],
    ),
  );
}
