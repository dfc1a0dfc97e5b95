import type { PlaybookRow, Reader, RunRow } from '@counterpoint/events';
import { type Outline, type OutlineSlot, outlineDocument } from '@counterpoint/playbook';
import { conditions, type PageRequest, pageRows } from '../paging.ts';

const DAY = 86_400_000;

/** How many playbooks are read at a time when a text is searched for. */
const CHUNK = 200;

/** How many summaries are kept. */
const KEPT = 500;

/** What a list of playbooks is asked for. */
export interface PlaybookListQuery extends PageRequest {
  readonly q?: string | undefined;
  readonly enabled?: 'true' | 'false' | undefined;
  readonly kind: 'playbook' | 'reaction' | 'all';
}

/** What the text of a version says of it. */
export type Summary = Pick<Outline, 'description'> & {
  readonly triggers: { kind: string; summary: string }[];
  readonly steps: number;
};

const NOTHING: Summary = { description: '', triggers: [], steps: 0 };

function countSteps(slots: readonly OutlineSlot[]): number {
  return slots.reduce(
    (sum, { steps }) => sum + steps.reduce((inner, step) => inner + 1 + countSteps(step.slots), 0),
    0,
  );
}

/** Tells by id and source of a version what it is about, and keeps that: a version never changes. */
export function createSummaries(): (version: string, source: string) => Summary {
  const kept = new Map<string, Summary>();
  return (version, source) => {
    const summary = kept.get(version) ?? summaryOf(source);
    if (kept.size >= KEPT) kept.clear();
    kept.set(version, summary);
    return summary;
  };
}

function summaryOf(source: string): Summary {
  const { description, triggers, slots } = outlineDocument(source);
  return {
    description,
    triggers: triggers.map(({ kind, summary }) => ({ kind, summary })),
    steps: countSteps(slots),
  };
}

/** What is listed of playbooks: each page takes the same few queries, however many playbooks are on it. */
export function createPlaybookList(reader: Reader, now: () => number, summarise = createSummaries()) {
  async function versionsOf(rows: readonly PlaybookRow[]) {
    const ids = rows.map(({ current }) => current);
    const versions = await reader.find('playbook_versions', { where: { id: { in: ids } }, limit: ids.length });
    return new Map(versions.map(({ id, number, source }) => [id, { number, summary: summarise(id, source) }] as const));
  }

  async function describe(rows: readonly PlaybookRow[]) {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const [versions, drafts, counts, runs] = await Promise.all([
      versionsOf(rows),
      reader.find('drafts', { where: { id: { in: ids } }, limit: ids.length }),
      reader.tally('runs', {
        where: { playbook: { in: ids }, created_at: { gte: now() - DAY } },
        by: ['playbook', 'status'],
      }),
      newestRuns(reader, ids),
    ]);
    const drafted = new Set(drafts.map(({ id }) => id));
    return rows.map(({ id, kind, title, current, enabled, updated_at }) => {
      const { number = 0, summary = NOTHING } = versions.get(current) ?? {};
      const own = counts.filter(({ values }) => values[0] === id);
      const run = runs.get(id);
      return {
        ...{ id, kind, title, current, number, enabled, updated_at },
        ...summary,
        last_run: run ? { id: run.id, status: run.status, created_at: run.created_at, ended_at: run.ended_at } : null,
        runs_24h: own.reduce((sum, { count }) => sum + count, 0),
        failures_24h: own.reduce((sum, { values, count }) => (values[1] === 'failed' ? sum + count : sum), 0),
        has_draft: drafted.has(id),
      };
    });
  }

  return async ({ q, enabled, kind, ...page }: PlaybookListQuery) => {
    const where = conditions<PlaybookRow>({
      kind: kind === 'all' ? undefined : kind,
      enabled: enabled === undefined ? undefined : enabled === 'true',
    });
    const options = { column: 'updated_at', key: 'id', where } as const;
    const { rows, next } =
      q === undefined || q.trim() === ''
        ? await pageRows(reader, 'playbooks', page, options)
        : await searched(q.trim().toLowerCase(), page, (one) => pageRows(reader, 'playbooks', one, options));
    return { items: await describe(rows), next };
  };
}

type Page = Awaited<ReturnType<typeof pageRows<'playbooks'>>>;

/** Reads on until a page is full; an installation has hundreds of playbooks, not millions. */
async function searched(q: string, page: PageRequest, read: (page: PageRequest) => Promise<Page>): Promise<Page> {
  const rows: PlaybookRow[] = [];
  let { cursor } = page;
  for (;;) {
    const wanted = page.limit - rows.length;
    const chunk = await read({ limit: Math.max(1, Math.min(CHUNK, wanted)), cursor });
    rows.push(...chunk.rows.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(q)));
    if (chunk.next === null || rows.length >= page.limit) return { rows, next: chunk.next };
    cursor = chunk.next;
  }
}

/** The newest run of each playbook: most are among the newest of all, the others are looked up one by one. */
async function newestRuns(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, RunRow>> {
  const newest = [{ column: 'created_at', descending: true }] as const;
  const found = new Map<string, RunRow>();
  const latest = await reader.find('runs', {
    where: { playbook: { in: ids } },
    orderBy: newest,
    limit: 2 * ids.length,
  });
  for (const run of latest) if (!found.has(run.playbook)) found.set(run.playbook, run);
  // Fewer than asked for: these were all runs that there are.
  if (latest.length < 2 * ids.length) return found;
  const others = ids.filter((id) => !found.has(id));
  const rest = await Promise.all(
    others.map((id) => reader.find('runs', { where: { playbook: id }, orderBy: newest, limit: 1 })),
  );
  for (const run of rest.flat()) found.set(run.playbook, run);
  return found;
}
