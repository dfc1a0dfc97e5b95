export type { Subscriber } from './delivery.ts';
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';
export { connectNats, type NatsLink, type NatsSettings } from './nats/connect.ts';
export { createNatsProcessCalls } from './nats/process-calls.ts';
export {
  createNatsProcessNotices,
  type NatsProcessNotices,
  type NatsProcessNoticesOptions,
} from './nats/process-notices.ts';
export { createNatsWorkQueue, type NatsWorkQueueOptions } from './nats/work-queue.ts';
