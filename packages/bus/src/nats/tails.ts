import type { LoggedEvent } from '@counterpoint/events';
import type { JsMsg } from '@nats-io/jetstream';
import { topicFilter } from '../topic-filter.ts';
import { keepSession, type Session } from './session.ts';
import { beginAt, type EventStream, eventOf, reaching } from './stream.ts';

/** Those in this process who hear of events as they come: one ordered consumer for all. */
export interface Tails {
  add(topics: readonly string[], listener: (logged: LoggedEvent) => void): Promise<() => void>;
  /** The connection was lost: goes on from what was heard last. */
  restart(): void;
  close(): Promise<void>;
}

/** Makes the {@link Tails} of a stream; nothing is asked of the server before somebody listens. */
export function createTails(stream: EventStream, onError: (error: unknown) => void): Tails {
  const { js, manager, name } = stream;
  const listeners = new Set<(logged: LoggedEvent) => void>();
  let heard = 0;
  let session: Promise<Session> | undefined;

  const tell = (message: JsMsg): void => {
    if (message.seq <= heard) return;
    heard = message.seq;
    const logged = { position: message.seq, event: eventOf(message.data) };
    for (const listener of listeners) {
      try {
        listener(logged);
      } catch (error) {
        onError(error);
      }
    }
  };
  const start = async (): Promise<Session> => {
    heard = (await manager.streams.info(name)).state.last_seq;
    const open = async () => {
      const { deliver_policy, opt_start_seq } = beginAt({ after: heard });
      const consumer = await js.consumers.get(name, {
        ...(deliver_policy ? { deliver_policy } : {}),
        ...(opt_start_seq ? { opt_start_seq } : {}),
      });
      return consumer.consume();
    };
    return keepSession({ open, take: tell, onError });
  };
  const end = async (): Promise<void> => {
    const ended = session;
    session = undefined;
    await (await ended?.catch(() => undefined))?.stop();
  };
  return {
    async add(topics, listener) {
      const wanted = topicFilter(topics);
      let from = Number.POSITIVE_INFINITY;
      const hear = (logged: LoggedEvent) => {
        if (logged.position > from && wanted(logged.event.type)) listener(logged);
      };
      const leave = () => {
        listeners.delete(hear);
        if (listeners.size === 0) void end().catch(onError);
      };
      listeners.add(hear);
      session ??= reaching(start);
      try {
        await session;
        from = (await reaching(() => manager.streams.info(name))).state.last_seq;
      } catch (error) {
        leave();
        throw error;
      }
      return leave;
    },
    restart() {
      void session?.then((one) => one.restart(), onError);
    },
    async close() {
      listeners.clear();
      await end();
    },
  };
}
