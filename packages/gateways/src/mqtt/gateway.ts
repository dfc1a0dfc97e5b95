import { isCounterpointError, type Json, newId, parseJson } from '@counterpoint/core';
import type { LoggedEvent } from '@counterpoint/events';
import { fabricErrors, mayOffer, mayReceive, maySubscribe, parseParticipantToken } from '@counterpoint/fabric';
import type { Attempt, MqttMessage } from '../broker/connection.ts';
import { type Broker, createBroker } from '../broker/create-broker.ts';
import type { BrokerHandler } from '../broker/handler.ts';
import type { ListenerOptions } from '../broker/listener.ts';
import { errors } from '../errors.ts';
import type { Member, MemberConnection } from './member.ts';
import type { MqttGatewayOptions } from './options.ts';
import { publicationOf } from './payload.ts';
import { answer, invoke, lose, offer, withdraw } from './services.ts';
import { patternsOf, serviceIn, toFabric, toMqtt } from './topics.ts';

/** The gateway at work. */
export interface MqttGateway {
  readonly port: number;
  readonly webSocketPort: number | undefined;
  close(): Promise<void>;
}

interface State {
  readonly options: MqttGatewayOptions;
  /** Set as soon as the broker is open. */
  broker: Broker<Member> | undefined;
}

/** Where what only concerns one client is said. */
const OWN = /^\$fabric\/(?:errors|settings|answer\/[^/]+)$/;
const REQUESTS = /^\$fabric\/request\/([a-z][a-z0-9_]*)\/[+#]$/;
const ENVELOPES = '$fabric/events/';
const MOST_FILTERS = 200;
/** Messages at QoS 0 and invocations that one connection may have under way before it has to wait. */
const MOST_UNDER_WAY = 64;

/**
 * Lets participants in over MQTT 3.1 and 3.1.1: the user name is the participant's id, the password its token. Topics are
 * those of the fabric with `/` for `.`; what is said under `$fabric/` is for one client.
 *
 * @throws gateway.port_taken
 */
export async function createMqttGateway(options: MqttGatewayOptions): Promise<MqttGateway> {
  const { host, port, webSocketPort, tls, clock, log, onTrouble } = options;
  const secured = tls ? { tls } : {};
  const listeners: ListenerOptions[] = [{ transport: 'mqtt', host, port, ...secured }];
  if (webSocketPort !== undefined) listeners.push({ transport: 'websocket', host, port: webSocketPort, ...secured });
  const state: State = { options, broker: undefined };
  const broker = await createBroker<Member>({ handler: handlerOf(state), listeners, clock, onTrouble });
  state.broker = broker;
  const stop = await log.tail(['>'], (logged) => forward(state, broker, logged));
  return {
    port: broker.ports[0] ?? port,
    webSocketPort: broker.ports[1],
    async close() {
      stop();
      await broker.close();
    },
  };
}

function handlerOf(state: State): BrokerHandler<Member> {
  const { options } = state;
  const { participants } = options;
  const aside = (connection: MemberConnection, topic: string, work: Promise<unknown>) => {
    work.catch((error: unknown) => tell(state, connection, topic, error));
  };
  return {
    admit: (attempt) => admit(options, attempt),
    joined: (connection) => participants.join(connection.identity.participant, sessionOf(connection)),
    left(connection, reason) {
      const { participant, offers } = connection.identity;
      lose(connection);
      const gone = [...offers.keys()].map((action) => withdraw(options, connection, action));
      // A will is not published: that it left is announced as for every participant.
      const leaving = participants.leave(participant, connection.id, reason || 'its connection ended');
      aside(connection, '', Promise.all([...gone, leaving]));
    },
    maySubscribe: (connection, filter) => decide(state, connection, filter),
    subscribed(connection, filter) {
      const action = REQUESTS.exec(filter)?.[1];
      if (action) aside(connection, filter, offer(options, connection, action));
      if (filter === '$fabric/settings') {
        const settings = participants.get(connection.identity.participant)?.declared?.settings ?? {};
        // After the SUBACK, as clients expect.
        setImmediate(() => send(connection, filter, settings));
      }
    },
    unsubscribed(connection, filter) {
      const action = REQUESTS.exec(filter)?.[1];
      if (action) aside(connection, filter, withdraw(options, connection, action));
    },
    received: (connection, message) => receive(state, connection, message),
  };
}

/** @throws gateway.connection_refused, and what a token is refused with */
async function admit(
  { participants }: MqttGatewayOptions,
  { username, password, clientId, address }: Attempt,
): Promise<{ readonly id: string; readonly identity: Member }> {
  const token = password?.toString('utf8') ?? '';
  const { id } = await participants.byToken(token);
  if (username !== id) {
    throw errors.connection_refused({ address, reason: 'the user name is not the participant of the token' });
  }
  return {
    id: `${id}/${clientId === '' ? newId() : clientId}`,
    identity: {
      participant: id,
      credential: parseParticipantToken(token)?.id,
      offers: new Map(),
      waiting: new Map(),
      underWay: 0,
    },
  };
}

function sessionOf(connection: MemberConnection) {
  const { credential } = connection.identity;
  return {
    id: connection.id,
    via: 'mqtt' as const,
    heardAt: () => connection.heardAt(),
    ...(connection.silence === undefined ? {} : { silence: connection.silence }),
    ...(credential === undefined ? {} : { credential }),
    close: (reason: string) => connection.close(reason),
  };
}

/** Whether a client may subscribe to a filter; who may not is told why, and stays connected. */
function decide(state: State, connection: MemberConnection, filter: string): boolean {
  const { participants, refusals } = state.options;
  const id = connection.identity.participant;
  const participant = participants.get(id);
  if (!participant || connection.filters.size >= MOST_FILTERS) return false;
  if (OWN.test(filter)) return true;
  const action = REQUESTS.exec(filter)?.[1];
  const service = `${id}.${action ?? ''}`;
  if (action !== undefined && mayOffer(participant, service)) return true;
  const wanted = patternsOf(filter.startsWith(ENVELOPES) ? filter.slice(ENVELOPES.length) : filter);
  if (action === undefined && wanted.some((pattern) => maySubscribe(participant, pattern))) return true;
  const reason = 'it has no right to';
  const error =
    action === undefined
      ? fabricErrors.subscribe_denied({ participant: id, pattern: filter, reason })
      : fabricErrors.offer_denied({ participant: id, service, reason });
  refusals.note(id, action === undefined ? 'subscribe' : 'offer', filter, error);
  tell(state, connection, filter, error);
  return false;
}

function receive(state: State, connection: MemberConnection, message: Required<MqttMessage>) {
  const member = connection.identity;
  const { topic, qos } = message;
  const waits = qos > 0 && !topic.startsWith('$');
  const work = handle(state, connection, message).catch((error: unknown) => {
    tell(state, connection, topic, error);
    // What is not durable must not be acknowledged: the client sends it again when it is back.
    if (waits && !(isCounterpointError(error) && error.status < 500)) connection.close('it could not be stored');
  });
  if (waits) return work;
  member.underWay += 1;
  void work.finally(() => {
    member.underWay -= 1;
  });
  return member.underWay >= MOST_UNDER_WAY ? work : undefined;
}

async function handle(
  { options }: State,
  connection: MemberConnection,
  { topic, payload }: Required<MqttMessage>,
): Promise<void> {
  const { participants, publisher } = options;
  const { participant: id } = connection.identity;
  const participant = participants.get(id);
  if (!participant) throw fabricErrors.participant_unauthenticated();
  const body = (): Json => (payload.length === 0 ? null : parseJson(payload.toString('utf8')));
  const [, kind, ...rest] = topic.startsWith('$fabric/') ? topic.split('/') : [];
  if (kind === 'answer' && rest.length === 1) answer(connection, topic, rest[0] ?? '', body());
  else if (kind === 'join' && rest.length === 0) {
    await participants.join(id, sessionOf(connection), participants.declare(participant, body() ?? {}));
  } else if (kind === 'invoke' && rest.length === 2) {
    const [name = '', request = ''] = rest;
    const service = serviceIn(name);
    if (service === undefined) throw errors.mqtt_topic_invalid({ topic: topic.slice(0, 200) });
    send(connection, `$fabric/answer/${request}`, await invoke(options, connection, service, body()));
  } else {
    const written = toFabric(topic);
    if (written === undefined) throw errors.mqtt_topic_invalid({ topic: topic.slice(0, 200) });
    await publisher.publish(participant, publicationOf(written, payload));
  }
}

/** Tells a client that listens what of its messages was refused, and why. */
function tell({ broker, options }: State, connection: MemberConnection, topic: string, thrown: unknown): void {
  const error = isCounterpointError(thrown) ? thrown : errors.mqtt_failed();
  if (error !== thrown) {
    const { address, clientId } = connection;
    options.onTrouble({ address, clientId, error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
  }
  if (!broker?.isSubscribed(connection, '$fabric/errors')) return;
  const { code, message, help, retryable } = error;
  send(connection, '$fabric/errors', { topic, code, detail: message, help, retryable });
}

function send(connection: MemberConnection, topic: string, body: Json): void {
  connection.send({ topic, payload: Buffer.from(JSON.stringify(body)), qos: 1 });
}

/** Delivers an event to who subscribed to it and may get it: the data, and the whole event under `$fabric/events/`. */
function forward({ options }: State, broker: Broker<Member>, { event }: LoggedEvent): void {
  const topic = toMqtt(event.type);
  if (topic === undefined) return;
  const may = ({ identity }: MemberConnection) => {
    const participant = options.participants.get(identity.participant);
    return participant?.enabled === true && mayReceive(participant, event.type);
  };
  for (const [name, content] of [
    [topic, event.data],
    [`${ENVELOPES}${topic}`, event],
  ] as const) {
    const nobody = broker.subscribers(name)[Symbol.iterator]().next().done;
    if (!nobody) broker.deliver({ topic: name, payload: Buffer.from(JSON.stringify(content)), qos: 1 }, may);
  }
}
