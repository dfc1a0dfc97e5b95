export { type CallOptions, callSimulator, connectorFailure } from './harness.ts';
export { type CapabilityTest, type RunningProvider, testCapability } from './test-capability.ts';
export { type ConnectorTest, type ConnectorTesting, testConnector } from './test-connector.ts';
