import type { RestoreEndpointName } from '@counterpoint/contracts';
import type { Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';

/** What is known of one effect that may have changed since a backup was made. */
export interface RestoredEffect {
  readonly id: string;
  readonly what: string;
  readonly state: string;
  /** `not_asked` before the first reconciliation; `asked_later`: found out by the run that waits for it. */
  readonly finding: 'in_force' | 'gone' | 'changed' | 'unclear' | 'over' | 'not_asked' | 'asked_later';
  readonly reason: string;
  readonly open: boolean;
}

/** Where a restored backup stands. */
export interface RestoreState {
  readonly frozen: { readonly restored_at: number; readonly backup_at: number } | null;
  readonly live_runs: number;
  readonly waiting_events: number;
  readonly effects: readonly RestoredEffect[];
}

/** The part of the server that keeps a restored backup frozen. */
export interface RestoreDesk {
  state(): Promise<RestoreState>;
  reconcile(principal: string): Promise<RestoreState>;
  /** @throws an error with status 409 while something is open that `accept` does not name */
  thaw(principal: string, reason: string, accept: readonly string[]): Promise<void>;
}

/** Performs the operations on a restored backup, and gives values that are stored apart. */
export function restoreHandlers(desk: RestoreDesk, reader: Reader): Handlers<RestoreEndpointName> {
  const view = (state: RestoreState) => ({ ...state, effects: [...state.effects] });
  return {
    getRestore: async () => view(await desk.state()),
    reconcileRestore: async ({ principal }) => view(await desk.reconcile(principal.ref)),
    async getRunValue({ params }) {
      const { id = '', value = '' } = params;
      const reference = await reader.get('blob_refs', `${value}|${id}`);
      const blob = reference && (await reader.get('blobs', reference.blob));
      if (!blob) throw errors.not_found({ kind: 'value', id: value });
      return { value: JSON.parse(Buffer.from(blob.bytes).toString('utf8')) };
    },
    async thawRestore({ principal, body }) {
      await desk.thaw(principal.ref, body.reason, body.accept);
      return view(await desk.state());
    },
  };
}
