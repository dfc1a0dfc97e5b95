import { type Clock, formatDuration, type Json, newId } from '@counterpoint/core';
import { fabricErrors, type ServiceRequest } from '@counterpoint/fabric';
import { createMailbox } from './mailbox.ts';

/** A request that waits to be fetched, or for its answer. */
export interface Asked {
  readonly id: string;
  readonly service: string;
  readonly payload: Json;
  readonly key: string;
  /** When the answer no longer counts, by the monotonic clock. */
  readonly deadline: number;
}

/** An answer, or why there is none; `code` is the name of a connector's error. */
export type DeskAnswer = { readonly payload: Json } | { readonly error: string; readonly code?: string | undefined };

/** Where the requests to the services of one participant wait until it fetches them, and their callers for the answers. */
export interface RequestDesk {
  /**
   * @param instance names the instance in errors
   * @throws fabric.service_failed, fabric.service_timeout, fabric.service_gone (never fetched), fabric.service_lost
   */
  ask(request: ServiceRequest, instance: string, signal: AbortSignal): Promise<Json>;
  /** Fetches the next request; undefined only once `signal` is aborted. */
  next(signal: AbortSignal): Promise<Asked | undefined>;
  /** Gives a caller its answer. False when nobody waits for it any more. */
  answer(id: string, answer: DeskAnswer): boolean;
  /** The participant is gone: nobody waits any longer. */
  close(): void;
}

interface Open extends Asked {
  readonly instance: string;
  taken: boolean;
  readonly settle: (result: { readonly payload: Json } | Error) => void;
}

function failure({ service }: Open, { error, code }: { readonly error: string; readonly code?: string | undefined }) {
  const details = code === undefined ? {} : { details: { error: code } };
  return fabricErrors.service_failed({ service, reason: error.replace(/\.$/, '') }, details);
}

/** Makes a {@link RequestDesk}. */
export function createRequestDesk(clock: Clock): RequestDesk {
  const waiting = createMailbox<Open>();
  const open = new Map<string, Open>();
  const end = (one: Open, result: { readonly payload: Json } | Error) => {
    waiting.remove(one);
    open.delete(one.id);
    one.settle(result);
  };
  const goneError = ({ service, instance, taken }: Open) =>
    taken ? fabricErrors.service_lost({ service, instance }) : fabricErrors.service_gone({ service, instance });

  return {
    ask({ service, payload, key, timeout }, instance, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Json>();
      const one: Open = {
        id: newId(),
        service,
        payload,
        key,
        instance,
        deadline: clock.monotonic() + timeout,
        taken: false,
        settle: (result) => (result instanceof Error ? reject(result) : resolve(result.payload)),
      };
      const late = () => {
        // What nobody fetched was surely not done: so another may be asked, and no one has to look.
        const tooLate = fabricErrors.service_timeout({ service, timeout: formatDuration(timeout) });
        end(one, one.taken ? tooLate : goneError(one));
      };
      const cancelTimer = clock.after(timeout, late);
      signal.addEventListener('abort', late, { once: true });
      open.set(one.id, one);
      waiting.push(one);
      return promise.finally(() => {
        cancelTimer();
        signal.removeEventListener('abort', late);
      });
    },
    async next(signal) {
      const [one] = await waiting.next(1, signal);
      if (one) one.taken = true;
      return one;
    },
    answer(id, answer) {
      const one = open.get(id);
      if (!one?.taken) return false;
      end(one, 'error' in answer ? failure(one, answer) : answer);
      return true;
    },
    close() {
      for (const one of [...open.values()]) end(one, goneError(one));
    },
  };
}
