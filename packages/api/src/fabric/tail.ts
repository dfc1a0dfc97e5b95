import type { EventLog, LoggedEvent, StartOfReading } from '@counterpoint/events';
import type { EventStream } from './sse.ts';

const PAGE = 200;
const MOST_GATHERED = 1_000;

/** What is wanted of the log, and where the reader stands. */
export interface TailWish {
  readonly topics: readonly string[];
  readonly start: StartOfReading;
  /** Asked for each event: rights may change while a stream is open. */
  readonly allowed: (logged: LoggedEvent) => boolean;
}

/**
 * Writes events to a stream: from where the reader was, and then everything new as it comes, without a gap and without
 * an event twice. Their ids are positions of the log, so that a reader that lost its connection goes on behind the last.
 * Resolves when the stream is over.
 */
export async function tailTo(stream: EventStream, log: EventLog, { topics, start, allowed }: TailWish): Promise<void> {
  let last = 0;
  const send = (logged: LoggedEvent) => {
    if (logged.position <= last) return;
    last = logged.position;
    if (allowed(logged)) stream.send({ id: String(logged.position), data: logged.event });
  };
  let live = start === 'new';
  let gathered: LoggedEvent[] = [];
  let tooMany = false;
  const stop = await log.tail(topics, (logged) => {
    if (live) send(logged);
    else if (gathered.length < MOST_GATHERED) gathered.push(logged);
    else tooMany = true;
  });
  try {
    let from = start;
    while (!live && from !== 'new' && !stream.signal.aborted) {
      // What comes while this page is read and written gathers; too much of it is read from the log instead.
      if (tooMany) gathered = [];
      tooMany = false;
      const page = await log.read({ topics, start: from, limit: PAGE });
      for (const logged of page) {
        send(logged);
        await stream.room();
      }
      if (last > 0) from = { after: last };
      if (page.length === PAGE || tooMany) continue;
      live = true;
      for (const logged of gathered.splice(0)) send(logged);
    }
    if (!stream.signal.aborted)
      await new Promise((resolve) => stream.signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    stop();
  }
}
