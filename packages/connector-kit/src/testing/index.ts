export { type CallOptions, callSimulator, connectorFailure } from './harness.ts';
export { type ConnectorTest, type ConnectorTesting, testConnector } from './test-connector.ts';
