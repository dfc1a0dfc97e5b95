/** A client certificate as it came in the TLS handshake. */
export interface PresentedCertificate {
  /** SHA-1 of the DER, lower-case hex: the identity of an OpenDXL client. */
  readonly thumbprint: string;
  /** DER. */
  readonly raw: Buffer;
  readonly subject: string;
  /** Why the certificate does not hold (OpenSSL's name, such as `CERT_HAS_EXPIRED`); undefined: it does. */
  readonly fault: string | undefined;
}

/** Somebody who wants to connect. */
export interface Attempt {
  /** The client id of the CONNECT packet: what the client was configured with, not who it is. */
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
  readonly certificate: PresentedCertificate | undefined;
  readonly address: string;
  readonly transport: 'mqtt' | 'websocket';
}

/** An answer to an attempt: it may come in. */
export interface Admission<Identity> {
  /** Unique among the connections: one that is admitted under the same id replaces the earlier one. */
  readonly id: string;
  readonly identity: Identity;
}

/** A message as MQTT carries it. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** Default 0. Delivered at the lower of this and what the subscriber asked for. */
  readonly qos?: 0 | 1 | 2;
}

/** A client that is connected. */
export interface Connection<Identity> {
  readonly id: string;
  readonly clientId: string;
  readonly identity: Identity;
  readonly address: string;
  /** Topic filters that it subscribed to, with the quality of service it asked for. */
  readonly filters: ReadonlyMap<string, 0 | 1 | 2>;
  /** When anything came from the client last, a ping included; Unix milliseconds. */
  heardAt(): number;
  /** Milliseconds of silence after which it is cut (one and a half times its keep-alive); undefined: it asked for none. */
  readonly silence: number | undefined;
  /** Bytes that wait for the client to read them. */
  queued(): number;
  /** Sends a message now. @returns false when it was dropped: too much waits for the client already, or it is gone */
  send(message: MqttMessage): boolean;
  close(reason: string): void;
}
