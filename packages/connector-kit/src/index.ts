export type { AddressKind, NetworkScope } from './address.ts';
export type { EgressAgents, ResolvedAddress, Resolver } from './agents.ts';
export type { Answer, Complaint } from './answer.ts';
export type {
  ActionCall,
  ActionHandler,
  CallOrigin,
  Connector,
  EgressClient,
  EgressRequest,
  EgressResponse,
  ResolvedConnection,
} from './connector.ts';
export { allowedHostsOf, baseUrlOf, type ConnectorDefinition, defineConnector } from './define-connector.ts';
export { judgeDestination, type Reach, type Verdict } from './destination.ts';
export { createEgress, type EgressLimits, type EgressOptions, redactorFor, sharedEgressAgents } from './egress.ts';
export { ConnectorError, errors as connectorErrors, isConnectorError, type Performed } from './errors.ts';
export { type CapabilityContract, type LintFinding, lintManifest } from './lint.ts';
export { loadManifest } from './load-manifest.ts';
export type {
  ActionManifest,
  ActionReference,
  ConnectorErrorName,
  ConnectorManifest,
  EffectClass,
  ErrorMapping,
  HttpRequestTemplate,
  JsonSchema,
  Paging,
} from './manifest.ts';
export { type ManifestProblem, manifestProblems } from './manifest-checks.ts';
export { manifestSchema } from './manifest-schema.ts';
export { checkValue } from './schema.ts';
export { requireSuccess, vendorError } from './vendor-error.ts';
