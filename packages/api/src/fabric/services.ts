import type { Clock } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import type { Participants, Publisher, Refusals, Seats, Services } from '@counterpoint/fabric';

/** What participants reach over HTTP. */
export interface FabricServices {
  readonly participants: Participants;
  readonly publisher: Publisher;
  readonly services: Services;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly log: EventLog;
  readonly clock: Clock;
  /** Which process reads a durable subscription; undefined when there is only this one. */
  readonly seats?: Pick<Seats, 'take'> | undefined;
}
