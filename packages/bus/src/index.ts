export type { Subscriber } from './delivery.ts';
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';
export { connectNats, type NatsLink, type NatsSettings } from './nats/connect.ts';
