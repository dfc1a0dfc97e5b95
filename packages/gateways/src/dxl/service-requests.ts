import { CounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import { fabricErrors, mayInvoke, type ServiceRequest } from '@counterpoint/fabric';
import { type DxlRequest, dxlErrorCodes } from '@counterpoint/formats';
import { errors } from '../errors.ts';
import { announceService } from './announce.ts';
import type { BrokerServices } from './broker-services.ts';
import type { DxlClient } from './client.ts';
import { type CarriedPayload, carryPayload, isCarried, payloadOf } from './event-data.ts';
import { carryMessage, claimedSender } from './events.ts';
import type { GatewayState } from './gateway.ts';
import { stamped } from './messages.ts';
import { readObject, readRegistration } from './registration.ts';
import { channelsFor, GRACE_MINUTES, type RegisteredService } from './registry.ts';
import { OVERLOADED, UNAVAILABLE } from './router.ts';
import { BROKER_SERVICES, isPublishable, OWN_SERVICES } from './topics.ts';

const MINUTE = 60_000;
/** As long as a client waits by itself for an answer at most (one hour), less what the way takes. */
const LONGEST_WAIT = 55 * MINUTE;
const MOST_SERVICES = 500;
const PARTICIPANT = 'participant:';
/** Nobody is there who could be asked, or who was asked is gone. */
const GONE = ['fabric.service_unknown', 'fabric.service_unavailable', 'fabric.service_gone', 'fabric.service_lost'];
/** HTTP's status for it; the format has no code of its own. */
const DEFECT = 500;
/** Requests of one client to actions and to other processes that may be under way. */
const MOST_ELSEWHERE = 200;

/** The fabric's name of a service that was registered over OpenDXL. */
export function serviceName(serviceType: string): string {
  return `dxl.${serviceType}`;
}

/** Deals with a request of a client; whatever is wrong with it becomes an error response. */
export async function handleRequest(
  state: GatewayState,
  brokerServices: BrokerServices,
  from: DxlClient,
  topic: string,
  request: DxlRequest,
): Promise<void> {
  try {
    if (topic.startsWith(BROKER_SERVICES)) await askBroker(state, brokerServices, from, topic, request);
    else await askElsewhere(state, from, topic, request);
  } catch (error) {
    if (!(error instanceof CounterpointError)) {
      // Nothing of a defect is told but that there was one; who asked must not wait for ever.
      state.router.refuse(from, request, DEFECT, 'the server met a defect');
      throw error;
    }
    const { code, text } = refusalOf(error);
    state.router.refuse(from, request, code, text);
  }
}

/**
 * Code and text of an error response: what a provider that is connected to another process said, as it said it; else
 * OpenDXL's own code where there is one, or the HTTP status of the error.
 */
function refusalOf({ code, status, message, details }: CounterpointError): { code: number; text: string } {
  const { errorCode, errorMessage } = details;
  if (code === 'fabric.service_failed' && typeof errorCode === 'number' && typeof errorMessage === 'string') {
    return { code: errorCode, text: errorMessage };
  }
  if (GONE.includes(code)) return { code: dxlErrorCodes.unavailable, text: UNAVAILABLE };
  return { code: code === 'fabric.service_timeout' ? dxlErrorCodes.timeout : status, text: message };
}

/**
 * Hands a request to a service of a client of this broker, at once.
 *
 * @returns false when no client of this broker offers it
 */
export function routeHere(state: GatewayState, from: DxlClient, topic: string, request: DxlRequest): boolean {
  const { registry, router, options } = state;
  const service = request.serviceId === '' ? registry.next(topic) : registry.get(request.serviceId);
  if (!service) return false;
  const participant = options.participants.get(from.identity.participant);
  const name = serviceName(service.serviceType);
  if (!participant || !mayInvoke(participant, name)) {
    const denied = fabricErrors.invoke_denied({
      participant: from.identity.participant,
      service: name,
      reason: 'it has no right to',
    });
    router.refuse(from, request, denied.status, denied.message);
    return true;
  }
  router.route(from, service, topic, request);
  return true;
}

async function askBroker(
  state: GatewayState,
  brokerServices: BrokerServices,
  from: DxlClient,
  topic: string,
  request: DxlRequest,
): Promise<void> {
  const { router } = state;
  const empty = Buffer.alloc(0);
  if (topic === `${BROKER_SERVICES}svcregistry/register`) {
    await register(state, from, request);
    router.reply(from, request, empty);
  } else if (topic === `${BROKER_SERVICES}svcregistry/unregister`) {
    unregister(state, from, request);
    router.reply(from, request, empty);
  } else {
    const answer = brokerServices.answer(topic, request);
    if (answer === 'unknown') router.refuse(from, request, dxlErrorCodes.unavailable, UNAVAILABLE);
    else if (answer !== 'silent') router.reply(from, request, Buffer.from(JSON.stringify(answer.payload)));
  }
}

async function register(state: GatewayState, from: DxlClient, request: DxlRequest): Promise<void> {
  const { registry, options, router } = state;
  const registration = readRegistration(request.payload);
  const { guid, topics } = registration;
  const known = registry.get(guid);
  if (known && known.client.identity.participant !== from.identity.participant) {
    throw errors.dxl_payload_invalid({ reason: 'the serviceGuid is registered by another participant' });
  }
  if (!known && registry.ofClient(from).length >= MOST_SERVICES) {
    throw errors.dxl_payload_invalid({ reason: `a client may register at most ${MOST_SERVICES} services` });
  }
  const service: RegisteredService = { ...registration, client: from, registeredAt: options.clock.now() };
  await options.services.register({
    id: guid,
    participant: from.identity.participant,
    service: serviceName(registration.serviceType),
    topics,
    site: '',
    metadata: registration.metadata,
    ttl: (registration.ttlMinutes + GRACE_MINUTES) * MINUTE,
    call: async (asked, signal) =>
      router.call(service, topicFor(asked, service), { ...asked, sender: await senderOf(state, asked) }, signal),
  });
  // It may have gone while the registration was written down.
  if (state.broker().connection(from.id) !== from) {
    await options.services.withdraw(guid);
    return;
  }
  registry.put(service);
  announceService(state, 'register', service);
}

/** The certificate of the client of another process that asks, where it is one of the participant that is asked for. */
async function senderOf(
  { senders }: GatewayState,
  { payload, causality }: ServiceRequest,
): Promise<string | undefined> {
  const claimed = claimedSender(payload);
  if (claimed === undefined || !causality.principal.startsWith(PARTICIPANT)) return undefined;
  return senders.certificateOf(causality.principal.slice(PARTICIPANT.length), claimed);
}

/** @throws fabric.service_failed when it is not said which of several topics is meant */
function topicFor({ topic, service, payload }: ServiceRequest, { topics }: RegisteredService): string {
  const [only, ...others] = topics;
  // Another process asks below a wildcard, and says what a client asked for there.
  const below = topic?.endsWith('#') && isCarried(payload) ? payload.topic : undefined;
  if (typeof below === 'string' && isPublishable(below) && [...channelsFor(below)].includes(topic ?? '')) return below;
  if (topic !== undefined) return topic;
  if (only !== undefined && others.length === 0 && !only.endsWith('#')) return only;
  throw fabricErrors.service_failed({ service, reason: `the request names none of its topics ${topics.join(', ')}` });
}

function unregister(state: GatewayState, from: DxlClient, request: DxlRequest): void {
  const { serviceGuid } = readObject(request.payload);
  const service = typeof serviceGuid === 'string' ? state.registry.get(serviceGuid) : undefined;
  if (!service) return;
  if (service.client.identity.participant !== from.identity.participant) {
    throw errors.dxl_payload_invalid({ reason: 'the serviceGuid is registered by another participant' });
  }
  state.withdraw(service);
}

const elsewhere = new WeakMap<DxlClient, number>();

/** Asks an action of a connection, or a service that is connected elsewhere; so many at a time. */
async function askElsewhere(state: GatewayState, from: DxlClient, topic: string, request: DxlRequest): Promise<void> {
  const under = elsewhere.get(from) ?? 0;
  if (under >= MOST_ELSEWHERE) {
    state.router.refuse(from, request, dxlErrorCodes.overloaded, OVERLOADED);
    return;
  }
  elsewhere.set(from, under + 1);
  try {
    await invokeFor(state, from, topic, request);
  } finally {
    elsewhere.set(from, (elsewhere.get(from) ?? 1) - 1);
  }
}

async function invokeFor(
  { options, router }: GatewayState,
  from: DxlClient,
  topic: string,
  request: DxlRequest,
): Promise<void> {
  const { services } = options;
  const ours = topic.startsWith(OWN_SERVICES);
  const asked = ours
    ? { service: topic.slice(OWN_SERVICES.length).replaceAll('/', '.') }
    : serviceElsewhere(services.instances(), topic, request.serviceId);
  if (asked === undefined) {
    router.refuse(from, request, dxlErrorCodes.unavailable, UNAVAILABLE);
    return;
  }
  const carried = carryPayload(request.payload);
  const answer = await services.invokeFor(from.identity.participant, {
    ...asked,
    ...(request.serviceId === '' ? {} : { instance: request.serviceId }),
    payload: ours
      ? inputOf(carried)
      : { ...carried, topic, message: carryMessage(stamped(request, from, options.brokerId)) },
    key: request.messageId,
    timeout: LONGEST_WAIT,
    ...wishesOf(request.otherFields),
  });
  router.reply(from, request, ours ? Buffer.from(JSON.stringify(answer)) : payloadOf(answer));
}

/** The input of an action: nothing at all is an empty one. */
function inputOf({ payload, encoding }: CarriedPayload): Json {
  if (encoding === 'json') return payload;
  return encoding === 'text' && payload === '' ? {} : { payload, encoding };
}

/** The service that takes a topic, and the channel it has for it; by its id where the request names one. */
function serviceElsewhere(
  instances: readonly { readonly id: string; readonly service: string; readonly topics: readonly string[] }[],
  topic: string,
  serviceId: string,
): { readonly service: string; readonly topic: string } | undefined {
  const asked = instances.filter(
    ({ id, service }) => service.startsWith('dxl.') && (serviceId === '' || id === serviceId),
  );
  for (const channel of channelsFor(topic)) {
    const found = asked.find(({ topics }) => topics.includes(channel));
    if (found) return { service: found.service, topic: channel };
  }
  return undefined;
}

/** What a client may say about a request in its headers. */
function wishesOf(fields: Readonly<Record<string, string>>) {
  const lease = Number(fields['counterpoint.lease_seconds']);
  const cause = fields['counterpoint.cause'];
  return {
    ...(Number.isFinite(lease) && lease > 0 ? { lease: lease * 1_000 } : {}),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Services of OpenDXL that are connected to other processes, as the service registry shows them. */
export function servicesElsewhere({ options }: GatewayState): readonly JsonObject[] {
  return options.services
    .instances()
    .filter(({ local, service }) => !local && service.startsWith('dxl.'))
    .map(({ id, service, topics, metadata, expiresAt }) => ({
      serviceType: service.slice('dxl.'.length),
      serviceGuid: id,
      brokerGuid: options.brokerId,
      ttlMins: expiresAt === null ? 0 : Math.max(0, Math.round((expiresAt - options.clock.now()) / MINUTE)),
      requestChannels: topics,
      metaData: metadata,
      local: false,
      unauthorizedChannels: [],
    }));
}
