import { isCounterpointError } from '@counterpoint/core';
import { type DraftRow, eventErrors, type PlaybookVersionRow, type Store } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { demandRev, removal } from './drafts.ts';
import { auditOf, type Publisher } from './publisher.ts';

const TRIES = 5;

/** How a version comes to be the current one. */
export interface Publication {
  /** The draft that it was, which is gone afterwards. */
  readonly draft?: DraftRow;
  /** Number of the version that it takes the place of, when that is undone on purpose. */
  readonly rolledBackFrom?: number;
}

/**
 * Publishes a plan: stores its version (its id is the hash of its content, so that publishing the same again changes
 * nothing) and makes it the one that new runs take. Publishing an earlier version again goes back to it. Audited.
 *
 * @throws engine.draft_changed, engine.id_taken, and what committing throws
 */
export async function publishPlaybook(
  store: Store,
  plan: Plan,
  publisher: Publisher,
  as: Publication = {},
): Promise<PlaybookVersionRow> {
  const { draft, rolledBackFrom } = as;
  return retried(async () => {
    if (draft) demandRev(plan.id, await store.get('drafts', plan.id), draft.rev);
    const [version, playbook] = await Promise.all([
      store.get('playbook_versions', plan.version),
      store.get('playbooks', plan.id),
    ]);
    if (playbook && playbook.kind !== plan.kind) throw errors.id_taken({ id: plan.id, kind: playbook.kind });
    const isCurrent = version !== undefined && playbook?.current === version.id;
    if (isCurrent && !draft) return version;
    const row = version ?? (await nextVersion(store, plan, publisher));
    const { id, kind, title } = plan;
    const current = { id, kind, title, current: row.id, enabled: playbook?.enabled ?? true, updated_at: publisher.now };
    await store.commit({
      rows: [
        ...(version ? [] : [{ op: 'insert', table: 'playbook_versions', row } as const]),
        playbook
          ? { op: 'update', table: 'playbooks', row: { ...current, rev: playbook.rev + 1 } }
          : { op: 'insert', table: 'playbooks', row: { ...current, rev: 1 } },
        ...(draft ? removal(draft) : []),
      ],
      audit: auditOf(publisher, rolledBackFrom === undefined ? 'playbook.published' : 'playbook.rolled_back', id, {
        version: row.id,
        number: row.number,
        ...(rolledBackFrom === undefined ? {} : { from: rolledBackFrom }),
      }),
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
