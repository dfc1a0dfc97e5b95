import { isCounterpointError, newTraceId } from '@counterpoint/core';
import { type Change, eventErrors, type PlaybookVersionRow, type Store } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';

const TRIES = 5;

/** Who publishes or enables, when (Unix milliseconds), and on which trace (default: a new one). */
export interface Publisher {
  readonly principal: string;
  readonly now: number;
  readonly trace?: string;
}

/**
 * Publishes a plan: stores its version (its id is the hash of its content, so that publishing the same again changes
 * nothing) and makes it the one that new runs take. Publishing an earlier version again goes back to it. Audited.
 *
 * @throws what committing throws
 */
export async function publishPlaybook(store: Store, plan: Plan, publisher: Publisher): Promise<PlaybookVersionRow> {
  return retried(async () => {
    const [version, playbook] = await Promise.all([
      store.get('playbook_versions', plan.version),
      store.get('playbooks', plan.id),
    ]);
    if (version && playbook?.current === version.id) return version;
    const row = version ?? (await nextVersion(store, plan, publisher));
    const { id, title } = plan;
    const current = { id, title, current: row.id, enabled: playbook?.enabled ?? true, updated_at: publisher.now };
    await store.commit({
      rows: [
        ...(version ? [] : [{ op: 'insert', table: 'playbook_versions', row } as const]),
        playbook
          ? { op: 'update', table: 'playbooks', row: { ...current, rev: playbook.rev + 1 } }
          : { op: 'insert', table: 'playbooks', row: { ...current, rev: 1 } },
      ],
      audit: auditOf(publisher, 'playbook.published', id, { version: row.id, number: row.number }),
    });
    return row;
  });
}

async function nextVersion(store: Store, plan: Plan, publisher: Publisher): Promise<PlaybookVersionRow> {
  const [last] = await store.find('playbook_versions', {
    where: { playbook: plan.id },
    orderBy: [{ column: 'number', descending: true }],
    limit: 1,
  });
  return {
    id: plan.version,
    playbook: plan.id,
    number: (last?.number ?? 0) + 1,
    source: plan.source,
    published_at: publisher.now,
    principal: publisher.principal,
  };
}

/** Lets a playbook start new runs, or stops it from doing so; runs that go on are not touched. Audited. @throws engine.playbook_unknown */
export async function enablePlaybook(
  store: Store,
  playbook: string,
  enabled: boolean,
  publisher: Publisher,
): Promise<void> {
  await retried(async () => {
    const row = await store.get('playbooks', playbook);
    if (!row) throw errors.playbook_unknown({ playbook });
    if (row.enabled === enabled) return;
    await store.commit({
      rows: [
        { op: 'update', table: 'playbooks', row: { ...row, enabled, updated_at: publisher.now, rev: row.rev + 1 } },
      ],
      audit: auditOf(publisher, enabled ? 'playbook.enabled' : 'playbook.disabled', playbook, {}),
    });
  });
}

function auditOf(
  { principal, now, trace = newTraceId() }: Publisher,
  action: string,
  playbook: string,
  data: Readonly<Record<string, string | number>>,
): NonNullable<Change['audit']> {
  return [{ at: now, principal, action, object: `playbook:${playbook}`, data, trace }];
}

/** Repeats what somebody else came in between of. */
async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; attempt < TRIES; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isCounterpointError(error, eventErrors.conflict({ id: '', table: '' }).code)) throw error;
    }
  }
  return work();
}
