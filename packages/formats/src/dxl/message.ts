/** What every OpenDXL message carries. The topic is not part of it: MQTT names it. */
export interface DxlFields {
  /** Format version, 0 to 3; what a version does not carry is empty. */
  readonly version: number;
  readonly messageId: string;
  /** SHA-1 thumbprint of the sender's certificate, set by the broker. */
  readonly sourceClientId: string;
  readonly sourceBrokerId: string;
  /** Brokers and clients that it is for; empty: any. */
  readonly brokerIds: readonly string[];
  readonly clientIds: readonly string[];
  readonly payload: Uint8Array;
  /** Version 1: headers. */
  readonly otherFields: Readonly<Record<string, string>>;
  /** Version 2. */
  readonly sourceTenantGuid: string;
  readonly destinationTenantGuids: readonly string[];
  /** Version 3: the connection among those of one certificate. */
  readonly sourceClientInstanceId: string;
}

/** Asks a service; the answer goes to `replyToTopic`. */
export interface DxlRequest extends DxlFields {
  readonly type: 'request';
  readonly replyToTopic: string;
  /** The instance that is asked; empty: any that serves the topic. */
  readonly serviceId: string;
}

/** Answers a request. */
export interface DxlResponse extends DxlFields {
  readonly type: 'response';
  readonly requestMessageId: string;
  readonly serviceId: string;
}

/** Announces something to whoever subscribed. */
export interface DxlEvent extends DxlFields {
  readonly type: 'event';
}

/** Answers a request that failed. */
export interface DxlErrorResponse extends DxlFields {
  readonly type: 'error';
  readonly requestMessageId: string;
  readonly serviceId: string;
  /** Unsigned, 32 bits; those of the fabric itself have the highest bit set ({@link dxlErrorCodes}). */
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** A message of the OpenDXL format. */
export type DxlMessage = DxlRequest | DxlResponse | DxlEvent | DxlErrorResponse;

/** Message types by their number on the wire. */
export const dxlMessageTypes = ['request', 'response', 'event', 'error'] as const;

/** Error codes that the fabric itself answers with. */
export const dxlErrorCodes = {
  unavailable: 0x8000_0001,
  overloaded: 0x8000_0002,
  timeout: 0x8000_0003,
} as const;

/** A message without content, to begin with: version 2, which every client reads. */
export const emptyDxlFields: DxlFields = {
  version: 2,
  messageId: '',
  sourceClientId: '',
  sourceBrokerId: '',
  brokerIds: [],
  clientIds: [],
  payload: new Uint8Array(),
  otherFields: {},
  sourceTenantGuid: '',
  destinationTenantGuids: [],
  sourceClientInstanceId: '',
};
