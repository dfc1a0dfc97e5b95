export { type Authority, type AuthorityOptions, openAuthority } from './authority/open-authority.ts';
export { newCertificateRequest } from './authority/request.ts';
export type { Admission, Attempt, Connection, MqttMessage, PresentedCertificate } from './broker/connection.ts';
export { type Broker, type BrokerOptions, createBroker } from './broker/create-broker.ts';
export type { BrokerHandler, BrokerLimits } from './broker/handler.ts';
export type { ListenerOptions } from './broker/listener.ts';
export { createDxlGateway, serverTls } from './dxl/create-gateway.ts';
export { createEnrolment, type Enrolled, type Enrolment } from './dxl/enrol.ts';
export type { DxlEventData } from './dxl/events.ts';
export type { DxlGateway, DxlGatewayOptions, DxlTrouble } from './dxl/gateway.ts';
export {
  lines as brokerLines,
  openProvisioning,
  type Provisioning,
  type ProvisioningOptions,
} from './dxl/provisioning.ts';
export { errors as gatewayErrors } from './errors.ts';
export { createMqttGateway, type MqttGateway } from './mqtt/gateway.ts';
export type { MqttGatewayOptions } from './mqtt/options.ts';
export { tlsWith } from './mqtt/tls.ts';
