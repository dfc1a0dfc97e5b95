import type { ConsumerRow, Consumption, EventConsumer } from '@counterpoint/events';
import { createCursor } from './cursor.ts';
import { loadHeld, noticeAsked, nudge } from './held.ts';
import { createWork, type DeliveryContext, floorOf, type Work } from './work.ts';

/** Brings events to a consumer at work, through `take` and `pass` of its lanes. */
export interface Feed {
  /** The end of the log as it stands. */
  last(): Promise<number>;
  /** Notes how far the log has come where nothing concerns the consumer; not needed where it is told of everything. */
  refresh?(): Promise<unknown>;
  /** There may be room again. */
  wake(): void;
  stop(): Promise<void>;
}

/** A {@link Consumption} as the log that made it sees it. */
export interface OpenConsumption extends Consumption {
  readonly name: string;
  /** Every event up to here is dealt with, or stands in `deliveries`. */
  position(): number;
  /** Brings {@link position} up to date where nothing concerns the consumer. */
  refresh(): Promise<void>;
  /** Tries the first event of a subject that waits now. */
  nudge(subject: string): void;
}

/** Begins to deliver to a consumer from where its row stands. @param begin opens the feed behind `work.taken` */
export async function startConsumption(
  context: DeliveryContext,
  consumer: EventConsumer,
  row: Pick<ConsumerRow, 'position'>,
  begin: (work: Work) => Promise<Feed>,
): Promise<OpenConsumption> {
  const work = createWork(context, consumer, row.position);
  const cursor = createCursor(work, row.position);
  const waiters = new Set<() => void>();
  let feed: Feed | undefined;
  const settled = work.onSettled;
  work.onSettled = (position) => {
    settled(position);
    cursor.moved(true);
  };
  work.onProgress = () => {
    cursor.moved(false);
    feed?.wake();
    for (const look of waiters) look();
  };
  await loadHeld(work);
  feed = await begin(work);
  const unwatch = watchAsked(work);

  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!holds() && !work.stopped) return;
        waiters.delete(look);
        resolve();
      };
      waiters.add(look);
      look();
    });
  return {
    name: consumer.name,
    position: () => floorOf(work),
    async refresh() {
      await feed?.refresh?.();
    },
    nudge: (subject) => nudge(work, subject),
    async drain() {
      const last = (await feed?.last()) ?? 0;
      await until(() => floorOf(work) >= last && nothingDue(work));
      await cursor.flush();
    },
    async stop() {
      if (work.stopped) return;
      work.stopped = true;
      unwatch();
      for (const end of work.pauses) end();
      for (const held of work.held.values()) held.cancel();
      await feed?.stop();
      await Promise.all(work.underWay);
      cursor.stop();
      await cursor.flush();
      work.onProgress();
    },
  };
}

function nothingDue({ held, context }: Work): boolean {
  const now = context.clock.now();
  return [...held.values()].every(({ trying, due }) => !trying && due > now);
}

/** Looks now and then for dead events that another process asked to be tried again. */
function watchAsked(work: Work): () => void {
  const { clock, poll, onError } = work.context;
  if (poll === undefined) return () => undefined;
  let cancel = () => {};
  const look = () => {
    cancel = clock.after(poll, () => {
      void noticeAsked(work)
        .catch(onError)
        .then(() => {
          if (!work.stopped) look();
        });
    });
  };
  look();
  return () => cancel();
}
