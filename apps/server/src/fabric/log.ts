import { createRelay, openEmbeddedLog, openNatsLog, type RelayTarget } from '@counterpoint/bus';
import type { EventConsumer, EventLog } from '@counterpoint/events';
import type { Duty } from '../duties.ts';
import type { Foundations } from '../foundations.ts';
import { retentionOf } from '../retention.ts';
import { rolesOf } from '../roles.ts';
import { rewindable } from './rewindable.ts';
import type { Workers } from './workers.ts';

/** The event log of this process, and how events get into it. */
export interface ServerLog {
  readonly eventLog: EventLog;
  /** Brings what was committed into the log: one process at a time. */
  readonly relay: Duty;
  /** Whether what the log is kept in answers. */
  up(): boolean;
  close(): Promise<void>;
}

/** How often the outbox is looked at for events of other processes, in milliseconds. */
const SHARED_POLL = 250;

/** Opens the log that the configuration names: in the store, or on NATS. @throws events.log_unavailable */
export async function openServerLog(
  { store, clock, config, log, bus }: Foundations,
  { hearOfEvents }: Pick<Workers, 'hearOfEvents'>,
): Promise<ServerLog> {
  const { alone } = rolesOf(config);
  const onError = (error: unknown) =>
    log.error({ err: String(error) }, 'the event log could not be worked on; it is tried again');
  const kept = { maxAge: retentionOf(config).events, replicas: config['bus.replicas'] };
  const opened = bus
    ? await openNatsLog({ link: bus, store, clock, onError, ...kept })
    : await openEmbeddedLog({ store, clock, alone, onError });
  const eventLog: EventLog & RelayTarget = rewindable(opened);
  return {
    eventLog,
    relay: {
      name: 'relay',
      async begin() {
        const shared = alone ? {} : { poll: SHARED_POLL };
        const relay = createRelay({ store, clock, target: eventLog, alone, onError, ...shared });
        await relay.start();
        const stopHearing = hearOfEvents(() => void relay.drain().catch(onError));
        return async () => {
          stopHearing();
          await relay.stop();
        };
      },
    },
    up: () => bus?.up() ?? true,
    close: () => eventLog.close(),
  };
}

/** Lets one process at a time deliver to a consumer. */
export function consumerDuty({ eventLog }: Pick<ServerLog, 'eventLog'>, consumer: EventConsumer): Duty {
  return {
    name: `consumer ${consumer.name}`,
    async begin() {
      const consumption = await eventLog.consume(consumer);
      return () => consumption.stop();
    },
  };
}
