import type { Json, JsonObject } from '@counterpoint/core';
import type { EventEnvelope } from '@counterpoint/events';
import type { Participant, Publication } from '@counterpoint/fabric';
import { mayReceive } from '@counterpoint/fabric';
import { type DxlEvent, type DxlRequest, emptyDxlFields, encodeDxlMessage } from '@counterpoint/formats';
import type { MqttMessage } from '../broker/connection.ts';
import { errors } from '../errors.ts';
import type { DxlClient } from './client.ts';
import { type CarriedPayload, carryPayload, payloadOf } from './event-data.ts';
import { CERTIFICATES, VERSION } from './messages.ts';
import { isReserved, OWN_EVENTS, toDxlTopic, toFabricTopic } from './topics.ts';

/** What an event of the fabric keeps of the OpenDXL message that it came as. */
export interface CarriedMessage extends JsonObject {
  readonly id: string;
  /** SHA-1 of the sender's certificate, and its connection. */
  readonly sourceClientId: string;
  readonly sourceClientInstanceId: string;
  readonly sourceBrokerId: string;
  /** Who it is for; empty: everybody who subscribed. */
  readonly brokerIds: readonly string[];
  readonly clientIds: readonly string[];
  readonly otherFields: JsonObject;
}

/** The data of an event that came over OpenDXL. */
export interface DxlEventData extends CarriedPayload {
  readonly message: CarriedMessage;
}

/**
 * The publication that an event of a client is: on `dxl.…`, with payload and ids; or on a topic of our own, with the
 * payload (the data itself, or a CloudEvents envelope of which data, subject and cause are taken).
 *
 * @throws gateway.dxl_topic_reserved, gateway.dxl_payload_invalid
 */
export function publicationOf(topic: string, event: DxlEvent): Publication {
  const name = toFabricTopic(topic);
  if (name === undefined || isReserved(topic)) throw errors.dxl_topic_reserved({ topic: topic.slice(0, 200) });
  const carried = carryPayload(event.payload);
  if (topic.startsWith(OWN_EVENTS)) return { topic: name, ...ownEvent(carried) };
  return { topic: name, data: { ...carried, message: carryMessage(event) } satisfies DxlEventData };
}

/** What is kept of a message besides its payload. */
export function carryMessage(message: DxlEvent | DxlRequest): CarriedMessage {
  const { messageId, sourceClientId, sourceClientInstanceId, sourceBrokerId, brokerIds, clientIds } = message;
  const { [CERTIFICATES]: _certificates, ...otherFields } = message.otherFields;
  return { id: messageId, sourceClientId, sourceClientInstanceId, sourceBrokerId, brokerIds, clientIds, otherFields };
}

function ownEvent({ payload, encoding }: CarriedPayload): Omit<Publication, 'topic'> {
  if (encoding !== 'json') throw errors.dxl_payload_invalid({ reason: 'an event of ours is JSON' });
  const envelope = objectOf(payload);
  if (envelope?.specversion !== '1.0' || envelope.data === undefined) return { data: payload };
  const { subject, cause, data } = envelope;
  return {
    data,
    ...(typeof subject === 'string' ? { subject } : {}),
    ...(typeof cause === 'string' && cause !== '' ? { cause } : {}),
  };
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as JsonObject;
}

/** An event of the fabric on its way to OpenDXL clients. */
export interface OutgoingEvent extends MqttMessage {
  /** Whether a client is among those that it is for. */
  isFor(client: DxlClient, participant: Participant): boolean;
}

/** The thumbprint that an event, or a request of another process, says its sender has; nobody believes it yet. */
export function claimedSender(data: Json): string | undefined {
  return carriedMessage(objectOf(data)?.message)?.sourceClientId;
}

/** Who sent a message, as its fields say it: the client itself where its certificate is known to be its own, else the broker. */
export function senderFields(data: Json, brokerId: string, certificate: string | undefined) {
  const carried = carriedMessage(objectOf(data)?.message);
  const { [CERTIFICATES]: _claimed, ...otherFields } = textsOf(carried?.otherFields);
  const source = { sourceBrokerId: brokerId, sourceClientId: brokerId, sourceClientInstanceId: brokerId, otherFields };
  if (!carried || certificate === undefined) return source;
  const { sourceClientId, sourceClientInstanceId: instance } = carried;
  return {
    ...source,
    sourceClientId,
    sourceClientInstanceId: instance.startsWith(`${sourceClientId}:`) ? instance : sourceClientId,
    otherFields: { ...otherFields, [CERTIFICATES]: certificate },
  };
}

/**
 * The message that an event of the fabric is for OpenDXL clients; undefined when its topic is none of theirs.
 *
 * @param certificate the certificate of the client that the event says it is from, where it is one of its participant
 */
export function outgoing(
  event: EventEnvelope,
  brokerId: string,
  certificate: string | undefined,
): OutgoingEvent | undefined {
  const topic = toDxlTopic(event.type);
  if (topic === undefined) return undefined;
  const ours = topic.startsWith(OWN_EVENTS);
  const carried = ours ? undefined : carriedMessage(objectOf(event.data)?.message);
  const message: DxlEvent = {
    ...emptyDxlFields,
    ...senderFields(ours ? null : event.data, brokerId, certificate),
    type: 'event',
    version: VERSION,
    messageId: carried?.id ?? `{${event.id}}`,
    brokerIds: carried?.brokerIds ?? [],
    clientIds: carried?.clientIds ?? [],
    payload: ours ? Buffer.from(JSON.stringify(event)) : payloadOf(event.data),
  };
  const { brokerIds, clientIds } = message;
  const reaches = brokerIds.length === 0 || brokerIds.includes(brokerId);
  return {
    topic,
    payload: encodeDxlMessage(message),
    isFor: (client, participant) =>
      reaches &&
      (clientIds.length === 0 || clientIds.includes(client.id) || clientIds.includes(client.identity.thumbprint)) &&
      mayReceive(participant, event.type),
  };
}

/** Anybody may publish on `dxl.…` with any data: only what has the form of a message is taken for one. */
function carriedMessage(value: Json | undefined): CarriedMessage | undefined {
  const message = objectOf(value);
  const texts = message && [message.id, message.sourceClientId, message.sourceClientInstanceId, message.sourceBrokerId];
  if (!message || !texts?.every((text) => typeof text === 'string')) return undefined;
  const lists = [message.brokerIds, message.clientIds];
  const whole = lists.every((list) => Array.isArray(list) && list.every((item) => typeof item === 'string'));
  return whole && objectOf(message.otherFields) ? (message as CarriedMessage) : undefined;
}

function textsOf(fields: JsonObject = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}
