import type { Consumption, EventConsumer, EventLog } from '@counterpoint/events';

interface AtWork {
  readonly consumer: EventConsumer;
  consumption: Consumption;
}

/**
 * A log whose consumers of this process can be rewound while they are at work: they rest for that moment. Everything else
 * is the log's own.
 */
export function rewindable<Log extends EventLog>(log: Log): Log {
  const atWork = new Map<string, AtWork>();
  return {
    ...log,
    async consume(consumer) {
      const one: AtWork = { consumer, consumption: await log.consume(consumer) };
      atWork.set(consumer.name, one);
      return {
        drain: () => one.consumption.drain(),
        async stop() {
          atWork.delete(consumer.name);
          await one.consumption.stop();
        },
      };
    },
    async rewind(name, start) {
      const one = atWork.get(name);
      if (!one) return log.rewind(name, start);
      await one.consumption.stop();
      try {
        await log.rewind(name, start);
      } finally {
        // Whoever stopped it meanwhile wants it to rest.
        if (atWork.get(name) === one) one.consumption = await log.consume(one.consumer);
      }
    },
  };
}
