import { type Connector, ConnectorError, type ConnectorManifest, type JsonSchema } from '@counterpoint/connector-kit';
import { CounterpointError, type Json, newTraceId, parseDuration } from '@counterpoint/core';
import { asConnectorError } from './participant-connector.ts';
import type { ServiceRequest, Services } from './service.ts';

const DEFAULT_TIMEOUT = '30s';

const input: JsonSchema = {
  type: 'object',
  properties: {
    service: {
      type: 'string',
      minLength: 1,
      maxLength: 800,
      description: 'Name of the service, such as dxl./opendxl-tie/service/file.',
    },
    payload: { description: 'What the service is sent.', default: {} },
    topic: { type: 'string', description: 'The topic to address, where the service takes requests on several.' },
    instance: { type: 'string', description: 'Only this instance; default: the nearest, in turn.' },
    timeout: {
      type: 'string',
      pattern: '^\\d+(ms|s|m|min)$',
      default: DEFAULT_TIMEOUT,
      description: 'How long its answer is waited for, such as 30s; 5 minutes at most.',
    },
  },
  required: ['service'],
  additionalProperties: false,
};

const output: JsonSchema = {
  type: 'object',
  properties: { answer: { description: 'What the service answered, as it did.', untrusted: true } },
  required: ['answer'],
  additionalProperties: false,
};

/** The connector `fabric`: services of participants that have not declared what they take and give. */
export const fabricManifest: ConnectorManifest = {
  id: 'fabric',
  title: 'Fabric',
  vendor: 'Counterpoint',
  description:
    'Asks services on the fabric that have no contract; those that have one are actions of their participant.',
  version: '1.0.0',
  documentation: 'urn:counterpoint:fabric',
  connection: { type: 'object', properties: {}, additionalProperties: false },
  actions: {
    query: {
      title: 'Ask a service that only looks something up',
      description:
        'Only for services that are declared as a read, by a contract or under `reads` of their participant.',
      effect: 'read',
      idempotent: true,
      timeout: '5m',
      minutes_saved: 1,
      input,
      output,
    },
    invoke: {
      title: 'Have a service do something',
      description: 'Counts as a change, whatever the service does: prefer services with a contract.',
      effect: 'change',
      idempotent: false,
      target: '"service:" + input.service',
      unverifiable: 'Nothing is known of the service but its name.',
      timeout: '5m',
      minutes_saved: 1,
      input,
      output,
    },
  },
};

/** What the connector asks. */
export interface FabricConnectorServices extends Pick<Services, 'invoke'> {
  /** Whether a service only looks something up, as whoever offers it declares. */
  isRead(service: string): boolean;
}

/** Makes the connector `fabric`. */
export function fabricConnector(services: FabricConnectorServices): Connector {
  const { title } = fabricManifest;
  return {
    manifest: fabricManifest,
    async perform(action, { input: asked, key, signal, origin, clock }): Promise<Json> {
      const { service, payload, timeout, topic, instance } = asked as unknown as Wanted;
      if (action === 'query' && !services.isRead(service)) {
        const reason = `${service} is not declared as a read; use fabric.invoke`;
        throw new ConnectorError('invalid_request', { connector: title, reason }, { performed: 'no' });
      }
      const causality = origin ?? { principal: 'system', trace: newTraceId(clock.now()), cause: '', hop: 0 };
      const request: ServiceRequest = {
        ...{ service, payload: payload ?? {}, key, causality, signal },
        timeout: parseDuration(timeout ?? DEFAULT_TIMEOUT),
        ...(topic === undefined ? {} : { topic }),
        ...(instance === undefined ? {} : { instance }),
      };
      try {
        return { answer: await services.invoke(request) };
      } catch (error) {
        if (error instanceof CounterpointError) throw asConnectorError(service, error);
        throw error;
      }
    },
  };
}

interface Wanted {
  readonly service: string;
  readonly payload?: Json;
  readonly timeout?: string;
  readonly topic?: string;
  readonly instance?: string;
}
