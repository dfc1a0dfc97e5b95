import { describe } from 'vitest';
import { describeDurability } from './durability.ts';
import { describeGroups } from './groups.ts';
import { describeQueries } from './queries.ts';
import { describeRows } from './rows.ts';
import { describeRuns } from './runs.ts';
import type { StoreSubject } from './subject.ts';

export { describeEventLog } from './event-log.ts';
export type { EventLogSubject, EventLogUnderTest } from './event-log-subject.ts';
export { anAlert, aRun } from './factories.ts';
export { describeProcesses, type ProcessesUnderTest, type TalkingProcess } from './processes.ts';
export type { StoreSubject, StoreUnderTest, StoreUnderTestOptions } from './subject.ts';
export { describeWorkQueue, type WorkQueueUnderTest } from './work-queue.ts';

/** The promises of the `Store` port as tests; every implementation runs them on its real storage. */
export function describeStore(name: string, subject: StoreSubject): void {
  describe(name, () => {
    describeRows(subject);
    describeQueries(subject);
    describeRuns(subject);
    describeGroups(subject);
    describeDurability(subject);
  });
}
