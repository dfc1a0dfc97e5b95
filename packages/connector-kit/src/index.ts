export type {
  ActionCall,
  ActionHandler,
  Connector,
  EgressClient,
  EgressRequest,
  EgressResponse,
  ResolvedConnection,
} from './connector.ts';
export { ConnectorError, errors as connectorErrors, isConnectorError, type Performed } from './errors.ts';
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
