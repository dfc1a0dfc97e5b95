import type { Json, JsonObject } from '@counterpoint/core';
import type { DxlRequest } from '@counterpoint/formats';
import type { Broker } from '../broker/create-broker.ts';
import type { DxlClient, DxlIdentity } from './client.ts';
import { readObject } from './registration.ts';
import type { RegisteredService, ServiceRegistry } from './registry.ts';
import { BROKER_SERVICES } from './topics.ts';

/** What the broker says of itself. */
export interface BrokerFacts {
  readonly brokerId: string;
  readonly version: string;
  /** Names and addresses that clients reach it by; the first is the main one. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly webSocketPort: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** What the answers are made from. */
export interface BrokerServicesOptions {
  readonly facts: () => BrokerFacts;
  readonly broker: () => Broker<DxlIdentity>;
  readonly registry: ServiceRegistry;
  /** Services of OpenDXL that are connected to other processes. */
  readonly elsewhere: () => readonly JsonObject[];
}

type Answer = Json | undefined;

/** Answers requests that only look something up, below `/mcafee/service/dxl/`. */
export interface BrokerServices {
  /**
   * The payload to answer with; `silent`: the request gets no answer, `unknown`: there is no such topic.
   *
   * @throws gateway.dxl_payload_invalid
   */
  answer(topic: string, request: DxlRequest): { readonly payload: Json } | 'silent' | 'unknown';
}

const BROKER_TTL_MINUTES = 60;

/** Makes {@link BrokerServices}. */
export function createBrokerServices(options: BrokerServicesOptions): BrokerServices {
  const { facts, broker, registry, elsewhere } = options;
  const answers: Readonly<Record<string, (asked: JsonObject) => Answer>> = {
    'svcregistry/query': (asked) => ({ services: queried(asked, registry, facts().brokerId, elsewhere()) }),
    'brokerregistry/query': ({ brokerGuid }) => ({ brokers: brokers(facts(), brokerGuid) }),
    'brokerregistry/topicquery': ({ topics }) => topicQuery(broker(), Array.isArray(topics) ? topics : []),
    'broker/health': () => ({
      connectedClients: [...broker().connections()].length,
      incomingMessages: broker().counts().received,
      outgoingMessages: broker().counts().sent,
      localServiceCounter: [...registry.all()].length,
      startTime: Math.floor(facts().startedAt / 1_000),
    }),
    'broker/subs': ({ topic }) => ({ count: typeof topic === 'string' ? broker().subscriptions(topic) : 0 }),
    'clientregistry/query': ({ clientGuid }) => {
      const there = [...broker().connections()].some(
        ({ id, identity }) => clientGuid === id || clientGuid === identity.thumbprint,
      );
      return there ? {} : undefined;
    },
  };
  return {
    answer(topic, request) {
      const name = topic.slice(BROKER_SERVICES.length);
      const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
      if (!answer) return 'unknown';
      const payload = answer(readObject(request.payload));
      return payload === undefined ? 'silent' : { payload };
    },
  };
}

/** A registered service as the topics of the service registry show it. */
export function serviceRecord(service: RegisteredService, brokerGuid: string): JsonObject {
  const { client } = service;
  return {
    serviceType: service.serviceType,
    serviceGuid: service.guid,
    clientGuid: client.identity.thumbprint,
    clientInstanceGuid: client.id,
    brokerGuid,
    ttlMins: service.ttlMinutes,
    registrationTime: Math.floor(service.registeredAt / 1_000),
    requestChannels: service.topics,
    metaData: service.metadata,
    certificates: [client.identity.thumbprint],
    managed: false,
  };
}

function queried(
  { serviceGuid, serviceType }: JsonObject,
  registry: ServiceRegistry,
  brokerId: string,
  elsewhere: readonly JsonObject[],
): JsonObject {
  const here = [...registry.all()].map((service) => ({
    ...serviceRecord(service, brokerId),
    local: true,
    unauthorizedChannels: [],
  }));
  const wanted = [...here, ...elsewhere].filter(
    (record: JsonObject) =>
      (!serviceGuid || record.serviceGuid === serviceGuid) && (!serviceType || record.serviceType === serviceType),
  );
  return Object.fromEntries(wanted.map((record: JsonObject) => [String(record.serviceGuid), record]));
}

function brokers(facts: BrokerFacts, brokerGuid: Json | undefined): JsonObject {
  const { brokerId, hosts, port, webSocketPort, version, startedAt } = facts;
  if (brokerGuid && brokerGuid !== brokerId) return {};
  const hostname = hosts[0] ?? '';
  const record = {
    guid: brokerId,
    hostname,
    port,
    webSocketPort,
    ttlMins: BROKER_TTL_MINUTES,
    version,
    startTime: Math.floor(startedAt / 1_000),
    policyHostname: hostname,
    policyIpAddress: hosts[1] ?? hostname,
    policyHub: '',
    policyPort: port,
    connectionLimit: 0,
    topicRouting: false,
    bridges: [],
    bridgeChildren: [],
  };
  return { [brokerId]: record };
}

function topicQuery(broker: Broker<DxlIdentity>, topics: readonly Json[]): JsonObject {
  const known = new Set([...broker.connections()].flatMap((client: DxlClient) => [...client.filters.keys()]));
  return { exists: topics.every((topic) => known.has(String(topic))), count: known.size };
}
