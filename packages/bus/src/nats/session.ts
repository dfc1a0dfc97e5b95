import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';

/** Messages that keep coming. */
export interface Session {
  /** Begins again from where it is: something may have been missed. */
  restart(): void;
  stop(): Promise<void>;
}

/** What a {@link keepSession} needs. */
export interface SessionOptions {
  /** Opens the stream of messages from where it is. */
  readonly open: () => Promise<ConsumerMessages>;
  /** Deals with the next message, whose number the server counts from 1 since `open`. */
  readonly take: (message: JsMsg) => Promise<void> | void;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds before a stream of messages that ended is opened again. */
const AGAIN = 500;

/**
 * Takes messages one after the other, in the order of the server and without a gap: when one is missing, or the stream of
 * messages ends, it is opened again. Resolves when it is open for the first time.
 */
export async function keepSession({ open, take, onError }: SessionOptions): Promise<Session> {
  let stopped = false;
  let wakeUp = () => {};
  let messages: ConsumerMessages | undefined = await open();

  /** Takes until a gap, the end, or `restart`. */
  const takeAll = async (from: ConsumerMessages): Promise<void> => {
    let expected = 1;
    for await (const message of from) {
      if (message.info.deliverySequence !== expected || from !== messages) break;
      expected += 1;
      await take(message);
      if (stopped) break;
    }
  };
  const end = (): void => {
    const ended = messages;
    messages = undefined;
    void ended?.close().catch(() => undefined);
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        messages ??= await open();
        await takeAll(messages);
      } catch (error) {
        onError(error);
      }
      end();
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, AGAIN);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    restart: end,
    async stop() {
      stopped = true;
      wakeUp();
      end();
      await running;
    },
  };
}
