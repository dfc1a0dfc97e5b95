export { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from './embedded/log.ts';
export { connectNats, type NatsLink, type NatsSettings } from './nats/connect.ts';
export { type NatsLog, type NatsLogOptions, openNatsLog } from './nats/log.ts';
export { createNatsProcessCalls } from './nats/process-calls.ts';
export {
  createNatsProcessNotices,
  type NatsProcessNotices,
  type NatsProcessNoticesOptions,
} from './nats/process-notices.ts';
export { createNatsWorkQueue, type NatsWorkQueueOptions } from './nats/work-queue.ts';
export { createRelay, type Relay, type RelayOptions, type RelayTarget } from './relay.ts';
