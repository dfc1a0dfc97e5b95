import { randomUUID } from 'node:crypto';
import {
  type DxlErrorResponse,
  type DxlEvent,
  type DxlMessage,
  type DxlRequest,
  type DxlResponse,
  emptyDxlFields,
} from '@counterpoint/formats';
import type { DxlClient } from './client.ts';

/** The version that the broker writes: the first that tells the connections of one certificate apart. Older clients read as far as they know. */
export const VERSION = 3;
/** Carries the sender's certificate, as the original broker does. */
export const CERTIFICATES = 'dxl.certs';

/** A message id as the clients make them. */
export function newMessageId(): string {
  return `{${randomUUID()}}`;
}

/**
 * A message with its sender as the broker knows it, whatever it said itself: certificate, connection, broker. The tenant
 * is cleared: there is one here.
 */
export function stamped<Message extends DxlMessage>(message: Message, from: DxlClient, brokerId: string): Message {
  return {
    ...message,
    version: VERSION,
    sourceClientId: from.identity.thumbprint,
    sourceClientInstanceId: from.id,
    sourceBrokerId: brokerId,
    sourceTenantGuid: '',
    otherFields: { ...message.otherFields, [CERTIFICATES]: from.identity.certificate },
  };
}

/** The fields of a message that the broker itself sends. */
function own(brokerId: string) {
  return {
    ...emptyDxlFields,
    version: VERSION,
    messageId: newMessageId(),
    sourceClientId: brokerId,
    sourceClientInstanceId: brokerId,
    sourceBrokerId: brokerId,
  };
}

/** An event of the broker itself. */
export function brokerEvent(brokerId: string, payload: Uint8Array): DxlEvent {
  return { ...own(brokerId), type: 'event', payload };
}

/** A request of the broker itself, for one instance of a service. */
export function brokerRequest(
  brokerId: string,
  to: DxlClient,
  serviceId: string,
  payload: Uint8Array,
  otherFields: Readonly<Record<string, string>>,
): DxlRequest {
  return {
    ...own(brokerId),
    type: 'request',
    brokerIds: [brokerId],
    clientIds: [to.id],
    payload,
    otherFields,
    replyToTopic: `/mcafee/client/${brokerId}`,
    serviceId,
  };
}

/** The broker's own answer to a request of a client. */
export function brokerResponse(
  brokerId: string,
  request: DxlRequest,
  from: DxlClient,
  payload: Uint8Array,
): DxlResponse {
  return {
    ...own(brokerId),
    ...addressed(request, from, brokerId),
    type: 'response',
    payload,
  };
}

/** The broker's own refusal of a request of a client. */
export function brokerError(
  brokerId: string,
  request: DxlRequest,
  from: DxlClient,
  errorCode: number,
  errorMessage: string,
): DxlErrorResponse {
  return { ...own(brokerId), ...addressed(request, from, brokerId), type: 'error', errorCode, errorMessage };
}

function addressed({ messageId, serviceId }: DxlRequest, from: DxlClient, brokerId: string) {
  return { brokerIds: [brokerId], clientIds: [from.id], requestMessageId: messageId, serviceId };
}
