import { createDecisions, type DecisionHandler } from '@counterpoint/cases';
import type { EventConsumer, Store } from '@counterpoint/events';

/** Brings what people decide about questions of the server itself to whoever asked, by the handler's name. */
export function decisionsConsumer(store: Store, handlers: Iterable<readonly [string, DecisionHandler]>): EventConsumer {
  const decisions = createDecisions(store, new Map(handlers));
  return {
    name: 'decisions',
    topics: decisions.topics,
    start: 'first',
    handle: ({ event }) => decisions.handle(event),
  };
}
