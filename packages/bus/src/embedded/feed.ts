import type { Feed } from '../delivery/consumption.ts';
import { hasRoom, pass, take } from '../delivery/lanes.ts';
import { surely, type Work } from '../delivery/work.ts';
import { topicFilter } from '../topic-filter.ts';
import type { Hub } from './hub.ts';
import { readNext } from './reading.ts';

/** What {@link openFeed} reads from. */
export interface FeedSource {
  readonly hub: Hub;
  /** Resolves when everything that was committed until now is in the log, as far as this process brings it there. */
  settled(): Promise<void>;
}

/**
 * Brings a consumer what is in the store behind it, and from then on what the hub hands over. When there is no room it
 * lets events pass and reads them later.
 */
export function openFeed({ hub, settled }: FeedSource, work: Work): Feed {
  const wanted = topicFilter(work.consumer.topics);
  let live = false;
  let reading: Promise<void> | undefined;

  /** Reads until nothing is left in the store, or no room. */
  const catchUp = async (): Promise<void> => {
    while (hasRoom(work)) {
      if (work.taken >= hub.durable) {
        for (const one of hub.fresh) if (wanted(one.event.type)) take(work, one);
        pass(work, hub.last);
        live = true;
        return;
      }
      const end = hub.durable;
      const next = await surely(work, () => readNext(work.context.store, wanted, work.taken, end));
      if (!next) return;
      for (const one of next.events) take(work, one);
      pass(work, next.upTo);
      await breathe();
    }
  };
  const wake = (): void => {
    if (live || reading || !hasRoom(work)) return;
    reading = catchUp()
      .catch(work.context.onError)
      .then(() => {
        reading = undefined;
        wake();
      });
  };
  const unsubscribe = hub.onHanded((events) => {
    if (!live) {
      wake();
      return;
    }
    if (!hasRoom(work)) {
      live = false;
      return;
    }
    for (const one of events) if (wanted(one.event.type)) take(work, one);
    pass(work, hub.last);
  });
  wake();
  return {
    async last() {
      await settled();
      return hub.last;
    },
    wake,
    async stop() {
      unsubscribe();
      await reading;
    },
  };
}

/** Lets everything else have its turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
