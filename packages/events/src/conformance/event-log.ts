import { describe } from 'vitest';
import { describeDelivery } from './event-log-delivery.ts';
import { describeFailures } from './event-log-failures.ts';
import { describeOrder } from './event-log-property.ts';
import { describeReading } from './event-log-reading.ts';
import type { EventLogSubject } from './event-log-subject.ts';

/** The promises of the `EventLog` port as tests; every implementation runs them on its real storage. */
export function describeEventLog(name: string, subject: EventLogSubject): void {
  describe(name, () => {
    describeDelivery(subject);
    describeFailures(subject);
    describeReading(subject);
    describeOrder(subject, subject.stories ?? 15);
  });
}
