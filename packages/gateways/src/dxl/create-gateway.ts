import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import { type Clock, isCounterpointError } from '@counterpoint/core';
import { type EventEnvelope, isTopicName, type LoggedEvent } from '@counterpoint/events';
import { mayReceive, maySubscribe, type Participant } from '@counterpoint/fabric';
import { type DxlMessage, decodeDxlMessage, defaultDxlLimits } from '@counterpoint/formats';
import type { Admission, Attempt, MqttMessage } from '../broker/connection.ts';
import { type Broker, createBroker } from '../broker/create-broker.ts';
import type { BrokerHandler } from '../broker/handler.ts';
import { errors } from '../errors.ts';
import { announceClient, announceService } from './announce.ts';
import { type BrokerServices, createBrokerServices } from './broker-services.ts';
import type { DxlClient, DxlIdentity } from './client.ts';
import { claimedSender, outgoing, publicationOf } from './events.ts';
import type { DxlGateway, DxlGatewayOptions, GatewayState } from './gateway.ts';
import { newMessageId, stamped } from './messages.ts';
import { createRegistry, type RegisteredService } from './registry.ts';
import { createRouter } from './router.ts';
import { createSenders } from './senders.ts';
import { handleRequest, routeHere, servicesElsewhere } from './service-requests.ts';
import {
  BROKER_EVENTS,
  BROKER_SERVICES,
  isPublishable,
  OWN_EVENTS,
  OWN_SERVICES,
  PREFIX,
  REPLIES,
  toFabricPattern,
  toFabricTopic,
} from './topics.ts';

/** AES128-SHA256 with an RSA key is what the oldest OpenDXL clients have; everything else prefers what is newer. */
const CIPHERS = 'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20:AES128-SHA256';
/** HTTP's status for it; the format has no code of its own. */
const TOO_LARGE = 413;
/** Milliseconds that nothing is read from a client for each event that it published too much. */
const SLOWED = 5;

/** TLS for the gateway's doors: clients must present a certificate of our authority, and what is wrong with one is told. */
export async function serverTls({
  authority,
  advertise,
}: Pick<DxlGatewayOptions, 'authority' | 'advertise'>): Promise<TlsOptions> {
  const { key, certificate } = await authority.serve(advertise);
  return {
    key,
    cert: certificate + authority.certificate,
    ca: authority.certificate,
    requestCert: true,
    // Judged in `admit`, so that the log says why; nobody comes in whose certificate does not hold.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    // A resumed session would carry a certificate past a change of what holds.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** Opens the gateway. @throws gateway.port_taken */
export async function createDxlGateway(options: DxlGatewayOptions, tls: TlsOptions): Promise<DxlGateway> {
  const { host, port, webSocketPort, clock, limits = {} } = options;
  let broker: Broker<DxlIdentity> | undefined;
  const state = newState(options, () => {
    if (!broker) throw new Error('the broker is not open yet');
    return broker;
  });
  const services = createBrokerServices({ ...state, elsewhere: () => servicesElsewhere(state) });
  broker = await createBroker<DxlIdentity>({
    clock,
    limits,
    listeners: [
      { transport: 'mqtt', host, port, tls },
      { transport: 'websocket', host, port: webSocketPort, tls },
    ],
    handler: handlerOf(state, services),
    onTrouble: ({ address, error }) => options.onTrouble({ address, error, participant: '' }),
  });
  const stopTail = await options.log.tail(['>'], delivery(state));
  const facts = state.facts();
  return {
    port: facts.port,
    webSocketPort: facts.webSocketPort,
    facts,
    secure: (renewed) => state.broker().secure(renewed),
    async close() {
      stopTail();
      await broker?.close();
      state.registry.close();
    },
  };
}

/** Delivers events to clients, in order, also where the certificate of a sender has to be looked up first. */
function delivery(state: GatewayState): (logged: LoggedEvent) => void {
  const { options, senders, broker } = state;
  let waiting: Promise<void> | undefined;
  let last = 0;
  const deliver = (event: EventEnvelope, certificate: string | undefined) => {
    const message = outgoing(event, options.brokerId, certificate);
    if (!message) return;
    broker().deliver(message, (client) => {
      const participant = options.participants.get(client.identity.participant);
      return participant !== undefined && message.isFor(client, participant);
    });
  };
  return ({ event }) => {
    const claimed = event.type.startsWith(PREFIX) ? claimedSender(event.data) : undefined;
    const certificate = claimed === undefined ? undefined : senders.certificateOf(event.participant, claimed);
    if (waiting === undefined && !(certificate instanceof Promise)) return deliver(event, certificate);
    const before = waiting;
    last += 1;
    const mine = last;
    waiting = (async () => {
      await before;
      try {
        // Where it cannot be looked up, the event comes in the name of the broker.
        deliver(event, await Promise.resolve(certificate).catch(() => undefined));
      } catch (error) {
        options.onTrouble({ address: '', participant: event.participant, error: error as Error });
      }
      if (mine === last) waiting = undefined;
    })();
  };
}

function newState(options: DxlGatewayOptions, broker: () => Broker<DxlIdentity>): GatewayState {
  const { brokerId, clock, version, advertise } = options;
  const startedAt = clock.now();
  const gone = (service: RegisteredService) => {
    options.services.withdraw(service.guid).catch((error: Error) => trouble(state, service.client, error));
    announceService(state, 'unregister', service);
  };
  const registry = createRegistry(clock, gone);
  const withdraw = (service: RegisteredService) => {
    if (registry.get(service.guid) !== service) return;
    registry.remove(service.guid);
    gone(service);
  };
  const router = createRouter({ brokerId, broker, registry, clock, unreachable: withdraw });
  const state: GatewayState = {
    options,
    registry,
    router,
    broker,
    withdraw,
    senders: createSenders(options.participants),
    facts: () => {
      const [port = 0, webSocketPort = 0] = broker().ports;
      return { brokerId, version, hosts: advertise, port, webSocketPort, startedAt };
    },
  };
  return state;
}

function trouble({ options }: GatewayState, { address, identity }: DxlClient, error: Error): void {
  options.onTrouble({ address, participant: identity.participant, error });
}

function handlerOf(state: GatewayState, services: BrokerServices): BrokerHandler<DxlIdentity> {
  const { options, registry, router } = state;
  const { participants } = options;
  return {
    admit: (attempt) => admit(state, attempt),
    async joined(client) {
      const { participant, thumbprint } = client.identity;
      const close = (reason: string) => client.close(reason);
      const silence = client.silence === undefined ? {} : { silence: client.silence };
      const heardAt = () => client.heardAt();
      await participants.join(participant, {
        ...{ id: client.id, via: 'dxl', credential: thumbprint, heardAt, close },
        ...silence,
      });
      announceClient(state, 'connect', client);
    },
    left(client, reason) {
      router.left(client);
      for (const service of registry.ofClient(client)) state.withdraw(service);
      announceClient(state, 'disconnect', client);
      participants
        .leave(client.identity.participant, client.id, reason === '' ? 'it disconnected' : reason)
        .catch((error: Error) => trouble(state, client, error));
    },
    dropped(client, topic) {
      const error = errors.client_too_slow({ participant: client.identity.participant, topic: topic.slice(0, 200) });
      trouble(state, client, error);
    },
    maySubscribe(client, filter) {
      const participant = participants.get(client.identity.participant);
      return participant !== undefined && mayTake(participant, filter);
    },
    received: (client, message) => receive(state, services, client, message),
  };
}

async function admit({ options, senders }: GatewayState, attempt: Attempt): Promise<Admission<DxlIdentity>> {
  const { certificate, address } = attempt;
  const refuse = (reason: string) => errors.connection_refused({ address, reason });
  if (!certificate) throw refuse('it presented no certificate');
  if (certificate.fault !== undefined) throw refuse(faultText(certificate.fault));
  const participant = await options.participants.byCertificate(certificate.thumbprint);
  const raw = certificate.raw.toString('base64');
  senders.note(participant.id, certificate.thumbprint, raw);
  return {
    id: `${certificate.thumbprint}:${newMessageId().slice(1, -1)}`,
    identity: { participant: participant.id, thumbprint: certificate.thumbprint, certificate: raw },
  };
}

function faultText(fault: string): string {
  if (fault.includes('CERT_NOT_YET_VALID')) return 'its certificate is not valid yet: one of the two clocks is wrong';
  if (fault.includes('CERT_HAS_EXPIRED')) return 'its certificate has expired, or one of the two clocks is wrong';
  return `its certificate does not hold (${fault})`;
}

/**
 * Whether a filter may be subscribed to. Requests and answers reach only whom they are for, and each event is asked about
 * again, so that providers may always listen for requests.
 */
function mayTake(participant: Participant, filter: string): boolean {
  if ([REPLIES, BROKER_EVENTS, BROKER_SERVICES, OWN_SERVICES].some((prefix) => filter.startsWith(prefix))) return true;
  if (filter.startsWith(OWN_EVENTS)) {
    const own = toFabricTopic(filter);
    return own === undefined || !isTopicName(own) || mayReceive(participant, own);
  }
  return (
    maySubscribe(participant, toFabricPattern(filter)) || participant.rights.offer.some((one) => one.startsWith('dxl.'))
  );
}

function receive(
  state: GatewayState,
  services: BrokerServices,
  client: DxlClient,
  { topic, payload }: MqttMessage,
): undefined | Promise<unknown> {
  const limit = defaultDxlLimits.bytes;
  if (payload.length > limit) {
    trouble(state, client, errors.dxl_message_too_large({ topic: topic.slice(0, 200), bytes: payload.length, limit }));
    refuseTooLarge(state, client, payload, limit);
    return undefined;
  }
  let message: DxlMessage;
  try {
    message = decodeDxlMessage(payload);
  } catch (error) {
    trouble(state, client, error as Error);
    return undefined;
  }
  switch (message.type) {
    case 'request':
      // Providers answer on it as it is: an answer that is no MQTT would cost them their connection.
      if (!isPublishable(message.replyToTopic)) {
        const reply = message.replyToTopic.slice(0, 200);
        trouble(state, client, errors.dxl_reply_topic_invalid({ topic: topic.slice(0, 200), reply }));
        return undefined;
      }
      if (!topic.startsWith(BROKER_SERVICES) && routeHere(state, client, topic, message)) return undefined;
      // Not awaited: what it asks for may take long, and the connection goes on meanwhile.
      handleRequest(state, services, client, topic, message).catch((error: Error) => trouble(state, client, error));
      return undefined;
    case 'event':
      return publish(state, client, topic, message);
    default:
      state.router.answer(client, message);
      return undefined;
  }
}

async function publish(
  { options }: GatewayState,
  client: DxlClient,
  topic: string,
  message: Extract<DxlMessage, { type: 'event' }>,
): Promise<void> {
  const participant = options.participants.get(client.identity.participant);
  if (!participant) return;
  try {
    const publication = publicationOf(topic, stamped(message, client, options.brokerId));
    await options.publisher.publish(participant, publication);
  } catch (error) {
    // An event has no answer: whoever runs the server learns why it was refused, and the client stays.
    options.onTrouble({ address: client.address, participant: participant.id, error: error as Error });
    // Read more slowly, it comes to what it may publish, and refusing the rest takes no time from the others.
    if (isCounterpointError(error, 'fabric.rate_exceeded')) {
      await slowDown(client, options.clock);
    }
  }
}

const slowedUntil = new WeakMap<DxlClient, number>();

function slowDown(client: DxlClient, clock: Clock): Promise<void> {
  const now = clock.monotonic();
  // They add up: what was read at once is refused at once.
  const until = Math.max(now, slowedUntil.get(client) ?? now) + SLOWED;
  slowedUntil.set(client, until);
  return new Promise((resolve) => void clock.after(until - now, resolve));
}

/** Who asked something too large, or is answered so, hears it; events are only dropped. */
function refuseTooLarge({ router }: GatewayState, client: DxlClient, payload: Buffer, limit: number): void {
  try {
    const message = decodeDxlMessage(payload, { ...defaultDxlLimits, bytes: payload.length });
    const reason = `the message has ${payload.length} bytes; ${limit} are allowed`;
    if (message.type === 'request') router.refuse(client, message, TOO_LARGE, reason);
    if (message.type !== 'response' && message.type !== 'error') return;
    const empty = { payload: Buffer.alloc(0), otherFields: {} };
    router.answer(client, {
      ...message,
      ...empty,
      type: 'error',
      errorCode: TOO_LARGE,
      errorMessage: `its answer: ${reason}`,
    });
  } catch {
    // What it was does not matter: it is dropped either way, and its size has been told.
  }
}
