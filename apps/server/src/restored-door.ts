import type { ActionOutcome, ActionRequest, Door } from '@counterpoint/actions';
import { isCounterpointError } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { errors } from './errors.ts';
import type { Frost, Released } from './frozen.ts';
import { outboxIdOf, parentOf } from './run-origin.ts';
import type { ServerSeams } from './seams.ts';

/** Schedules that came due while nobody was there fire soon after the release. */
const CATCHING_UP = 600_000;

/**
 * A door for an installation that stands on a restored backup. While that is frozen nothing passes, whoever asks:
 * gateways that are no HTTP let clients in meanwhile. Afterwards: what a run that is older than the backup (or was started
 * by something older) does first may have been done already, after the backup was made: so each such effect is treated
 * like one whose answer was lost. The product is asked first; it is sent when it surely did not happen, and is unknown,
 * for a person to settle, when nobody can tell.
 *
 * @throws server.frozen from `admit` and `perform`
 */
export function createRestoredDoor(door: Door, store: Store, frost: Pick<Frost, 'frozen' | 'released'>): Door {
  const asked = new Set<string>();
  const refuseWhileFrozen = () => {
    if (frost.frozen()) throw errors.frozen();
  };
  return {
    ...door,
    async perform(request, signal) {
      refuseWhileFrozen();
      return door.perform(request, signal);
    },
    async admit(request) {
      refuseWhileFrozen();
      const admission = await door.admit(request);
      const since = frost.released();
      if (since === undefined || admission.kind !== 'send' || admission.effect === undefined) return admission;
      if (asked.has(request.key) || !(await mayHaveHappened(store, request, since))) return admission;
      return {
        ...admission,
        send: (signal, isMine) => {
          asked.add(request.key);
          return sendUnlessDone({ door, store }, request, signal, isMine);
        },
      };
    },
  };
}

/** The seams of a server with {@link createRestoredDoor} in front of its door, where a backup was ever restored. */
export function doorAfterRestore(seams: ServerSeams, store: Store, frost: Frost): ServerSeams {
  if (!frost.frozen() && !frost.released()) return seams;
  return { ...seams, door: (door) => createRestoredDoor(seams.door?.(door) ?? door, store, frost) };
}

/** Whether what starts this was known, or due, before the backup was made, or before it was released. */
async function mayHaveHappened(store: Store, request: ActionRequest, since: Released): Promise<boolean> {
  for (let id = request.run; id !== ''; ) {
    const run = await store.get('runs', id);
    if (!run) return false;
    if (run.created_at <= since.backup_at) return true;
    if (run.trigger_kind === 'schedule' && run.created_at <= since.thawed_at + CATCHING_UP) return true;
    const event = await store.get('outbox', outboxIdOf(run.trigger_key));
    if (event && event.at <= since.backup_at) return true;
    const where = { trace: run.trace, received_at: { lte: since.backup_at } };
    if ((await store.find('raw_inputs', { where, limit: 1 })).length > 0) return true;
    id = parentOf(run.parent);
  }
  return false;
}

async function sendUnlessDone(
  { door, store }: { readonly door: Door; readonly store: Store },
  request: ActionRequest,
  signal: AbortSignal,
  isMine?: () => boolean,
): Promise<ActionOutcome> {
  const found = await door.reconcile(request, signal);
  const surelyNot = found.status === 'failed' && found.retryable && found.performed === 'no';
  if (!surelyNot) return found;
  try {
    await store.commit(found.change);
    const again = await door.admit(request);
    if (again.kind === 'settled') return again.outcome;
    await store.commit(again.change);
    return await again.send(signal, isMine);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return { ...found, error, change: {} };
  }
}
