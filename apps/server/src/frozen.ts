import { type DoorContext, readBack } from '@counterpoint/actions';
import type { RestoreDesk, RestoredEffect, RestoreState } from '@counterpoint/api';
import { newTraceId } from '@counterpoint/core';
import type { EffectRow, Store } from '@counterpoint/events';
import { FROZEN_SETTING, type FrozenSetting } from '@counterpoint/store';
import { errors } from './errors.ts';
import type { Foundations } from './foundations.ts';

/** Id of the setting that remembers a restored backup after it was released. */
const RESTORED_SETTING = 'restored';

/** A restored backup that was released; what its runs do first may have been done before. */
export interface Released extends FrozenSetting {
  readonly thawed_at: number;
}

/** Whether this installation stands on a restored backup, as this process knows it. */
export interface Frost {
  /** Undefined when it is not frozen. */
  frozen(): FrozenSetting | undefined;
  /** Undefined when no backup was ever restored and released. */
  released(): Released | undefined;
  /** Calls back once, when it was released here or by another process; not when it is not frozen. */
  onThaw(go: () => Promise<void>): void;
  /** Releases it. */
  thaw(principal: string, reason: string, accepted: readonly string[]): Promise<void>;
  /** Stops looking whether another process has released it. */
  stop(): void;
}

const LOOK = 1_000;

/** Finds out whether the store is frozen, and looks again every second as long as it is. */
export async function openFrost({ store, clock, log }: Foundations): Promise<Frost> {
  let frozen = (await store.get('settings', FROZEN_SETTING))?.value as FrozenSetting | undefined;
  let released = (await store.get('settings', RESTORED_SETTING))?.value as Released | undefined;
  let go: (() => Promise<void>) | undefined;
  let cancel = () => {};

  const melt = async () => {
    frozen = undefined;
    released = (await store.get('settings', RESTORED_SETTING))?.value as unknown as Released | undefined;
    cancel();
    const begin = go;
    go = undefined;
    await begin?.();
  };
  const look = async () => {
    const standing = await store.get('settings', FROZEN_SETTING).catch(() => frozen);
    if (standing) arm();
    else
      await melt().catch((error) => log.error({ err: String(error) }, 'the server could not go on after the release'));
  };
  const arm = () => {
    cancel = clock.after(LOOK, () => void look());
  };
  if (frozen) {
    log.warn({ ...frozen }, 'a restored backup is frozen: nothing acts until "counterpoint thaw"');
    arm();
  }
  return {
    frozen: () => frozen,
    released: () => released,
    onThaw(begin) {
      go = begin;
    },
    async thaw(principal, reason, accepted) {
      if (!frozen) return;
      const now = clock.now();
      const value = { ...frozen, thawed_at: now };
      const before = await store.get('settings', RESTORED_SETTING);
      const data = { reason, accepted: [...accepted], ...value };
      await store.commit({
        rows: [
          { op: 'delete', table: 'settings', id: FROZEN_SETTING },
          { op: 'put', table: 'settings', row: { id: RESTORED_SETTING, value, rev: (before?.rev ?? 0) + 1 } },
        ],
        audit: [{ at: now, principal, action: 'restore.thawed', object: 'system', data, trace: newTraceId() }],
      });
      await melt();
    },
    stop: () => cancel(),
  };
}

/** Something is under way: whoever waits for it finds out what became of it, by `verify` or by a person. */
const UNDER_WAY = ['intended', 'held', 'pending', 'undoing', 'unknown'] as const;
const PAGE = 200;

/** Effects of unknown outcome are settled by what waits for them. */
const leaveAlone = async () => {};

async function effectsInQuestion(store: Store): Promise<readonly EffectRow[]> {
  const rows: EffectRow[] = [];
  for (const state of [...UNDER_WAY, 'performed', 'undo_failed'] as const) {
    for (let after: readonly string[] | undefined; ; ) {
      const page: readonly EffectRow[] = await store.find('effects', {
        where: { state, ended_at: null, site: '' },
        limit: PAGE,
        ...(after ? { after } : {}),
      });
      rows.push(
        ...page.filter(({ inverse, lease_until }) => state !== 'performed' || inverse !== null || lease_until !== null),
      );
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      after = [last.id];
    }
  }
  return rows;
}

/** What people do about a restored backup. */
export function createRestoreDesk({ store, clock }: Foundations, context: DoorContext, frost: Frost): RestoreDesk {
  const found = new Map<string, Pick<RestoredEffect, 'finding' | 'reason'>>();

  const view = (row: EffectRow): RestoredEffect => {
    const what = `${row.connection} ${row.action} ${row.target}`.trim();
    const { id, state } = row;
    if ((UNDER_WAY as readonly string[]).includes(state)) {
      const reason = 'it was under way; what waits for it asks the product, or a person';
      return { id, what, state, finding: 'asked_later', reason, open: false };
    }
    const known = found.get(id) ?? { finding: 'not_asked', reason: 'reconcile asks the product' };
    return { id, what, state, ...known, open: known.finding === 'unclear' || known.finding === 'not_asked' };
  };

  const state = async (): Promise<RestoreState> => {
    const frozen = frost.frozen() ?? null;
    const [live_runs, waiting_events, rows] = await Promise.all([
      store.count('runs', { status: { in: ['queued', 'running', 'waiting'] } }),
      store.count('outbox', { state: 'pending' }),
      frozen ? effectsInQuestion(store) : [],
    ]);
    return { frozen, live_runs, waiting_events, effects: rows.map(view) };
  };

  return {
    state,
    async reconcile(principal) {
      const rows = frost.frozen() ? await effectsInQuestion(store) : [];
      for (const row of rows) {
        if ((UNDER_WAY as readonly string[]).includes(row.state)) continue;
        const { finding, reason } = await readBack(
          context,
          row.id,
          leaveAlone,
          { principal },
          AbortSignal.timeout(30_000),
        );
        found.set(row.id, { finding, reason });
      }
      const data = Object.fromEntries(found);
      const entry = { at: clock.now(), principal, action: 'restore.reconciled', object: 'system', trace: newTraceId() };
      await store.commit({ audit: [{ ...entry, data: JSON.parse(JSON.stringify(data)) }] });
      return state();
    },
    async thaw(principal, reason, accept) {
      const { frozen, effects } = await state();
      if (!frozen) return;
      const open = effects.filter((effect) => effect.open && !accept.includes(effect.id));
      const [first] = open;
      if (first)
        throw errors.thaw_refused({ count: open.length, first: `${first.id} (${first.what}): ${first.reason}` });
      await frost.thaw(principal, reason, accept);
    },
  };
}
