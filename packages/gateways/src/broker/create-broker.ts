import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import type { Clock } from '@counterpoint/core';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes';
import { errors } from '../errors.ts';
import type { Attempt, Connection, MqttMessage } from './connection.ts';
import { createFrameGuard } from './frame-guard.ts';
import { type BrokerHandler, type BrokerLimits, defaultBrokerLimits } from './handler.ts';
import { type Listener, type ListenerOptions, listen, type Opened } from './listener.ts';
import { type OpenConnection, openConnection } from './open-connection.ts';
import { createSubscriptionIndex } from './subscription-index.ts';
import { createThrottle } from './throttle.ts';

/** What a broker is made of. */
export interface BrokerOptions<Identity> {
  readonly handler: BrokerHandler<Identity>;
  readonly listeners: readonly ListenerOptions[];
  readonly limits?: Partial<BrokerLimits>;
  readonly clock: Clock;
  /** Learns who was refused and why, and which connections ended with an error. */
  readonly onTrouble: (trouble: { readonly address: string; readonly clientId: string; readonly error: Error }) => void;
}

/**
 * Carries MQTT 3.1 and 3.1.1 over TCP, TLS and WebSocket for a gateway that decides what becomes of each message. Sessions
 * are clean and nothing is retained, whatever a client asks for.
 */
export interface Broker<Identity> {
  /** Ports that it listens on, in the order of the listeners it was given. */
  readonly ports: readonly number[];
  connections(): Iterable<Connection<Identity>>;
  connection(id: string): Connection<Identity> | undefined;
  /** Who subscribed to a topic, each once. */
  subscribers(topic: string): Iterable<Connection<Identity>>;
  /** Whether any of its filters matches a topic. */
  isSubscribed(connection: Connection<Identity>, topic: string): boolean;
  /** How many subscriptions have exactly this filter. */
  subscriptions(filter: string): number;
  /**
   * Sends a message to every subscriber, once to each however many of its filters match.
   *
   * @param only who may get it; default everybody
   * @returns how many it was sent to
   */
  deliver(message: MqttMessage, only?: (connection: Connection<Identity>) => boolean): number;
  /** Uses another key and certificate for connections from now on, where there is TLS. */
  secure(tls: TlsOptions): void;
  /** Messages received, sent, and dropped because a client was too slow, since the start. */
  counts(): { readonly received: number; readonly sent: number; readonly dropped: number };
  close(): Promise<void>;
}

interface State<Identity> {
  readonly options: BrokerOptions<Identity>;
  readonly limits: BrokerLimits;
  readonly aedes: Aedes;
  readonly opened: WeakMap<Client, Opened>;
  /** When something came over a stream last, Unix milliseconds. */
  readonly heard: WeakMap<Opened['stream'], number>;
  readonly byClient: WeakMap<Client, OpenConnection<Identity>>;
  readonly throttles: WeakMap<Client, () => number>;
  readonly connections: Map<string, OpenConnection<Identity>>;
  /** Connections whose `joined` has not settled yet. */
  readonly joining: Map<OpenConnection<Identity>, Promise<unknown>>;
  readonly index: ReturnType<typeof createSubscriptionIndex<OpenConnection<Identity>>>;
  readonly refusals: WeakMap<Client, Error>;
  readonly counts: { received: number; sent: number; dropped: number };
  /** Streams that are open, with those that have said nothing yet. */
  streams: number;
}

const NOT_AUTHORISED = 5;
const CLIENT_ID_LENGTH = 1_024;

/** Opens a broker. @throws gateway.port_taken */
export async function createBroker<Identity>(options: BrokerOptions<Identity>): Promise<Broker<Identity>> {
  const limits = { ...defaultBrokerLimits, ...options.limits };
  // The handler delivers: nothing is emitted inside aedes, whose own matching sends one copy for overlapping filters.
  const aedes = new Aedes({ mq: silentEmitter(), maxClientsIdLength: CLIENT_ID_LENGTH });
  const state: State<Identity> = {
    options,
    limits,
    aedes,
    opened: new WeakMap(),
    heard: new WeakMap(),
    byClient: new WeakMap(),
    throttles: new WeakMap(),
    connections: new Map(),
    joining: new Map(),
    index: createSubscriptionIndex(),
    refusals: new WeakMap(),
    counts: { received: 0, sent: 0, dropped: 0 },
    streams: 0,
  };
  install(state);
  await aedes.listen();
  const listeners: Listener[] = [];
  const close = async () => {
    for (const connection of state.connections.values()) connection.close('the gateway is closing');
    await Promise.all(listeners.map((listener) => listener.close()));
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
  };
  try {
    for (const listener of options.listeners) {
      listeners.push(await listen(listener, limits.packetBytes, listenerEvents(state)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const secure = (tls: TlsOptions) => {
    for (const listener of listeners) listener.secure(tls);
  };
  return { ...facade(state), ports: listeners.map(({ port }) => port), secure, close };
}

function facade<Identity>({ connections, index, counts, options }: State<Identity>) {
  return {
    connections: () => connections.values(),
    connection: (id: string) => connections.get(id),
    subscribers: (topic: string) => index.match(topic).keys(),
    isSubscribed: (connection: Connection<Identity>, topic: string) =>
      index.match(topic).has(connection as OpenConnection<Identity>),
    subscriptions: (filter: string) => index.count(filter),
    deliver(message: MqttMessage, only: (connection: Connection<Identity>) => boolean = () => true) {
      let sent = 0;
      for (const [connection, quality] of index.match(message.topic)) {
        if (!only(connection)) continue;
        const qos = Math.min(message.qos ?? 0, quality) as 0 | 1 | 2;
        if (connection.send({ ...message, qos })) {
          sent += 1;
          continue;
        }
        counts.dropped += 1;
        options.handler.dropped?.(connection, message.topic);
      }
      counts.sent += sent;
      return sent;
    },
    counts: () => ({ ...counts }),
  };
}

function listenerEvents<Identity>(state: State<Identity>) {
  const { aedes, limits, options } = state;
  const trouble = (address: string, error: Error) => options.onTrouble({ address, clientId: '', error });
  return {
    opened(opened: Opened) {
      const { stream, address } = opened;
      if (state.streams >= limits.connections) {
        trouble(address, errors.connection_refused({ address, reason: 'there are too many connections' }));
        stream.destroy();
        return;
      }
      state.streams += 1;
      finished(stream, () => {
        state.streams -= 1;
      });
      const heard = () => void state.heard.set(stream, options.clock.now());
      heard();
      watchFrames(opened, limits.packetBytes, heard, (error) => trouble(address, error));
      state.opened.set(aedes.handle(stream), opened);
    },
    failed: (address: string, reason: string) => trouble(address, errors.connection_refused({ address, reason })),
  };
}

/** Tells of everything that comes, and ends a connection that announces a packet beyond the limit, before its bytes are gathered. */
function watchFrames(
  { stream, address }: Opened,
  limit: number,
  heard: () => void,
  refused: (error: Error) => void,
): void {
  const guard = createFrameGuard(limit);
  const read = stream.read.bind(stream);
  stream.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk !== null) heard();
    const tooLarge = chunk === null ? undefined : guard(chunk);
    if (tooLarge === undefined) return chunk;
    refused(errors.packet_too_large({ address, bytes: tooLarge, limit }));
    stream.destroy();
    return null;
  };
}

function install<Identity>(state: State<Identity>): void {
  const { aedes, options } = state;
  aedes.preConnect = (client, packet, done) => {
    admit(state, client, packet).then(
      () => done(null, true),
      (error: Error) => {
        state.refusals.set(client, error);
        packet.clientId = randomUUID();
        done(null, true);
      },
    );
  };
  aedes.authenticate = (client, _username, _password, done) => {
    const refusal = state.refusals.get(client);
    const connection = state.byClient.get(client);
    // It may be gone already: then nobody joins.
    if (refusal || !connection || state.connections.get(connection.id) !== connection) {
      return done(notAuthorised(refusal), false);
    }
    const joined = Promise.resolve(options.handler.joined?.(connection));
    state.joining.set(connection, joined);
    joined.then(
      () => {
        state.joining.delete(connection);
        done(null, true);
      },
      (error: Error) => {
        state.joining.delete(connection);
        tell(state, client, error);
        done(notAuthorised(error), false);
      },
    );
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const connection = state.byClient.get(client);
    const { topic, qos } = subscription;
    if (!connection || !options.handler.maySubscribe(connection, topic)) return done(null, null);
    // Recorded here, since what a client publishes right after its SUBSCRIBE must find it.
    connection.filters.set(topic, qos);
    state.index.add(topic, connection, qos);
    options.handler.subscribed?.(connection, topic);
    done(null, subscription);
  };
  aedes.on('unsubscribe', (filters, client) => {
    const connection = state.byClient.get(client);
    for (const filter of connection ? filters : []) unsubscribe(state, connection as OpenConnection<Identity>, filter);
  });
  aedes.authorizePublish = (client, packet, done) => receive(state, client, packet, done);
  aedes.on('clientError', (client, error) => {
    if (!state.refusals.has(client)) tell(state, client, error);
  });
  aedes.on('connectionError', (client, error) => tell(state, client, error));
}

async function admit<Identity>(state: State<Identity>, client: Client, packet: ConnectPacket): Promise<void> {
  const opened = state.opened.get(client);
  const { handler } = state.options;
  if (!opened) throw new Error('a client that no listener opened');
  const { clientId } = packet;
  const attempt: Attempt = {
    clientId,
    username: packet.username,
    password: packet.password as Buffer | undefined,
    certificate: opened.certificate,
    address: opened.address,
    transport: opened.transport,
  };
  const admission = await handler.admit(attempt).catch((error: Error) => {
    state.options.onTrouble({ address: opened.address, clientId, error });
    throw error;
  });
  // aedes knows the connection by its own id, so that several may use one configured client id.
  packet.clientId = admission.id;
  packet.clean = true;
  // Nobody speaks any more once it is gone, so nothing is said in its name.
  delete packet.will;
  const { keepalive = 0 } = packet;
  const who = {
    ...{ ...admission, clientId },
    heardAt: () => state.heard.get(opened.stream) ?? 0,
    silence: keepalive === 0 ? undefined : keepalive * 1_500,
  };
  const connection = openConnection(client, opened, who, state.limits);
  state.byClient.set(client, connection);
  state.throttles.set(client, createThrottle(state.limits.messagesPerSecond, state.options.clock));
  state.connections.get(admission.id)?.close('replaced by a later connection');
  state.connections.set(admission.id, connection);
  finished(opened.stream, () => forget(state, connection));
}

function forget<Identity>(state: State<Identity>, connection: OpenConnection<Identity>): void {
  for (const filter of [...connection.filters.keys()]) unsubscribe(state, connection, filter);
  if (state.connections.get(connection.id) === connection) state.connections.delete(connection.id);
  const tellLeft = () => state.options.handler.left?.(connection, connection.reason);
  // Who is still joining leaves after that: the other way round it would seem to be there for ever.
  const joining = state.joining.get(connection);
  if (joining) joining.then(tellLeft, tellLeft);
  else tellLeft();
}

function unsubscribe<Identity>(state: State<Identity>, connection: OpenConnection<Identity>, filter: string): void {
  if (!connection.filters.delete(filter)) return;
  state.index.remove(filter, connection);
  state.options.handler.unsubscribed?.(connection, filter);
}

function receive<Identity>(
  state: State<Identity>,
  client: Client | null,
  packet: Parameters<Aedes['authorizePublish']>[1],
  done: (error?: Error | null) => void,
): void {
  packet.retain = false;
  const connection = client && state.byClient.get(client);
  if (!connection) {
    done();
    return;
  }
  state.counts.received += 1;
  const wait = state.throttles.get(client)?.() ?? 0;
  const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  const handled = state.options.handler.received(connection, { topic: packet.topic, payload, qos: packet.qos });
  if (handled === undefined && wait === 0) {
    done();
    return;
  }
  Promise.resolve(handled).then(
    () => (wait === 0 ? done() : state.options.clock.after(wait, () => done())),
    (error: Error) => {
      tell(state, client, error);
      done();
    },
  );
}

function tell<Identity>(state: State<Identity>, client: Client, error: Error): void {
  const address = state.opened.get(client)?.address ?? '';
  state.options.onTrouble({ address, clientId: state.byClient.get(client)?.clientId ?? '', error });
}

function notAuthorised(cause?: Error): AuthenticateError {
  return Object.assign(new Error('not authorised', { cause }), { returnCode: NOT_AUTHORISED });
}

/** An emitter for aedes that nobody listens to. */
function silentEmitter() {
  const call = (done?: () => void) => done?.();
  return {
    on: (_topic: string, _listener: unknown, done?: () => void) => call(done),
    removeListener: (_topic: string, _listener: unknown, done?: () => void) => call(done),
    emit: (_packet: unknown, done?: () => void) => call(done),
    close: call,
  };
}
