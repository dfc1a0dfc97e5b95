export type { Admission, Attempt, Connection, MqttMessage, PresentedCertificate } from './broker/connection.ts';
export { type Broker, type BrokerOptions, createBroker } from './broker/create-broker.ts';
export { type BrokerHandler, type BrokerLimits, defaultBrokerLimits } from './broker/handler.ts';
export type { ListenerOptions } from './broker/listener.ts';
export { errors as gatewayErrors } from './errors.ts';
