import type { Admission, Attempt, Connection, MqttMessage } from './connection.ts';

/** What a gateway decides for the broker that carries it. */
export interface BrokerHandler<Identity> {
  /** Lets a client in. Whatever is thrown refuses it (CONNACK 5, not authorised), and is told to `onTrouble`. */
  admit(attempt: Attempt): Promise<Admission<Identity>>;
  /** It was admitted; it is told so when this has resolved. Rejecting refuses it. */
  joined?(connection: Connection<Identity>): Promise<void>;
  /** The connection is over; called once for each that was admitted, also when `joined` rejected. */
  left?(connection: Connection<Identity>, reason: string): void;
  /** Whether it may subscribe to a filter; if not, the client is told (SUBACK 0x80) and stays connected. */
  maySubscribe(connection: Connection<Identity>, filter: string): boolean;
  /** A filter was added or removed, after the fact. */
  subscribed?(connection: Connection<Identity>, filter: string): void;
  unsubscribed?(connection: Connection<Identity>, filter: string): void;
  /** A message that was to be delivered to it was dropped: it does not read what waits for it already. */
  dropped?(connection: Connection<Identity>, topic: string): void;
  /**
   * A message from a client. The broker delivers nothing by itself: the handler does. Messages of one connection come in
   * order; a promise lets the connection wait (nothing more is read from it) until it settles.
   */
  received(connection: Connection<Identity>, message: Required<MqttMessage>): undefined | Promise<unknown>;
}

/** Bounds on every connection. */
export interface BrokerLimits {
  /** Largest MQTT packet that is read at all, in bytes; a larger one ends the connection. */
  readonly packetBytes: number;
  /**
   * Bytes that may wait for one client before messages to it are dropped; what is sent at one moment may go beyond it by
   * `packetBytes`, so that one large message, or a burst, is nothing that a client is too slow for.
   */
  readonly queueBytes: number;
  /** Messages a second of one connection; beyond, it is read more slowly. */
  readonly messagesPerSecond: number;
  readonly connections: number;
}

/** The limits where nothing else is said. 500 kB is what the OpenDXL broker lets wait for a client. */
export const defaultBrokerLimits: BrokerLimits = {
  packetBytes: 4 * 1024 * 1024,
  queueBytes: 500_000,
  messagesPerSecond: 10_000,
  connections: 10_000,
};
