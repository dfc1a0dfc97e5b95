import type { Clock, CounterpointError, Json } from '@counterpoint/core';
import { fabricErrors, type ServiceRequest } from '@counterpoint/fabric';
import {
  type DxlErrorResponse,
  type DxlRequest,
  type DxlResponse,
  dxlErrorCodes,
  encodeDxlMessage,
} from '@counterpoint/formats';
import type { Broker } from '../broker/create-broker.ts';
import type { DxlClient, DxlIdentity } from './client.ts';
import { answerOf, carryPayload, isCarried, payloadOf } from './event-data.ts';
import { senderFields } from './events.ts';
import { brokerError, brokerRequest, brokerResponse, stamped } from './messages.ts';
import type { RegisteredService, ServiceRegistry } from './registry.ts';

/** What the original broker says when nobody answers. */
export const UNAVAILABLE = 'unable to locate service for request';
export const OVERLOADED = 'service is overloaded';
/** Requests that one service may have open; beyond, the oldest are given up. */
const MOST_OPEN = 10_000;

/** A request that was handed to a service and not answered yet. */
interface Open {
  readonly service: RegisteredService;
  /** Who asked, and what it asked for; undefined: the fabric did. */
  readonly from: DxlClient | undefined;
  readonly request: DxlRequest;
  readonly settle: (answer: DxlResponse | DxlErrorResponse | 'gone') => void;
}

/** A request of the fabric for a client of this broker. */
export interface RoutedRequest extends ServiceRequest {
  /** The certificate of the client that asks over another process; undefined: the fabric itself asks. */
  readonly sender: string | undefined;
}

/** Brings requests to one instance of a service each, and answers back to who asked. */
export interface Router {
  /** Hands a request of a client to a service, or tells the client why it cannot be. */
  route(from: DxlClient, service: RegisteredService, topic: string, request: DxlRequest): void;
  /** An answer; whoever was not asked cannot answer. @returns whether it answers anything */
  answer(from: DxlClient, message: DxlResponse | DxlErrorResponse): boolean;
  /** A request of the fabric. @throws fabric.service_failed, fabric.service_gone, fabric.service_lost */
  call(service: RegisteredService, topic: string, request: RoutedRequest, signal: AbortSignal): Promise<Json>;
  /** Answers a request for the broker. */
  reply(from: DxlClient, request: DxlRequest, payload: Uint8Array): void;
  refuse(from: DxlClient, request: DxlRequest, code: number, reason: string): void;
  /** A client is gone: whoever waits for its answers is told. */
  left(client: DxlClient): void;
}

/** What a router works with. */
export interface RouterOptions {
  readonly brokerId: string;
  readonly broker: () => Broker<DxlIdentity>;
  readonly registry: ServiceRegistry;
  readonly clock: Clock;
  /** A service that could not be reached is to be forgotten. */
  readonly unreachable: (service: RegisteredService) => void;
}

/** Makes a {@link Router}. */
export function createRouter(options: RouterOptions): Router {
  const { brokerId, registry, unreachable } = options;
  // By the connection that is asked: only it can answer, and with it everything that waits for it is at hand.
  const open = new Map<DxlClient, Map<string, Open>>();
  const send = (to: DxlClient, topic: string, message: DxlResponse | DxlErrorResponse) =>
    to.send({ topic, payload: encodeDxlMessage(message) });
  const refuse: Router['refuse'] = (from, request, code, reason) => {
    send(from, request.replyToTopic, brokerError(brokerId, request, from, code, reason));
  };
  /** @returns why it could not be handed over */
  const hand = (waiting: Open, topic: string): number | undefined => {
    const { service, request } = waiting;
    const to = service.client;
    if (!options.broker().isSubscribed(to, topic)) return dxlErrorCodes.unavailable;
    const mine = open.get(to) ?? new Map<string, Open>();
    const other = mine.get(request.messageId);
    // A second request under the same id would let its sender have the answer to the first.
    if (other && other.from !== waiting.from) return dxlErrorCodes.unavailable;
    if (!to.send({ topic, payload: encodeDxlMessage(request) })) return dxlErrorCodes.overloaded;
    mine.set(request.messageId, waiting);
    open.set(to, mine);
    if (mine.size > MOST_OPEN) giveUpOldest(mine);
    return undefined;
  };

  return {
    route(from, service, topic, request) {
      const addressed: DxlRequest = {
        ...stamped(request, from, brokerId),
        brokerIds: [brokerId],
        clientIds: [service.client.id],
        serviceId: service.guid,
      };
      const settle = (answer: DxlResponse | DxlErrorResponse | 'gone') => {
        if (answer === 'gone') refuse(from, addressed, dxlErrorCodes.unavailable, UNAVAILABLE);
        else send(from, request.replyToTopic, { ...answer, brokerIds: [brokerId], clientIds: [from.id] });
      };
      const fault = hand({ service, from, request: addressed, settle }, topic);
      if (fault === dxlErrorCodes.unavailable) {
        refuse(from, addressed, fault, UNAVAILABLE);
        unreachable(service);
      } else if (fault !== undefined) refuse(from, addressed, fault, OVERLOADED);
    },
    answer(from, message) {
      const mine = open.get(from);
      const waiting = mine?.get(message.requestMessageId);
      if (!mine || !waiting) return false;
      mine.delete(message.requestMessageId);
      if (mine.size === 0) open.delete(from);
      waiting.settle(stamped(message, from, brokerId));
      const gone = message.type === 'error' && message.errorCode === dxlErrorCodes.unavailable;
      if (gone && registry.get(waiting.service.guid) === waiting.service) unreachable(waiting.service);
      return true;
    },
    call: (service, topic, request, signal) => call(options, hand, { service, topic, request, signal }),
    reply: (from, request, payload) => {
      send(from, request.replyToTopic, brokerResponse(brokerId, request, from, payload));
    },
    refuse,
    left(client) {
      const mine = open.get(client);
      open.delete(client);
      for (const { settle } of mine?.values() ?? []) settle('gone');
    },
  };
}

function giveUpOldest(mine: Map<string, Open>): void {
  const [id, oldest] = mine.entries().next().value ?? [];
  if (id === undefined) return;
  mine.delete(id);
  oldest?.settle('gone');
}

interface FabricCall {
  readonly service: RegisteredService;
  readonly topic: string;
  readonly request: RoutedRequest;
  readonly signal: AbortSignal;
}

function call(
  { brokerId, unreachable }: RouterOptions,
  hand: (waiting: Open, topic: string) => number | undefined,
  { service, topic, request, signal }: FabricCall,
): Promise<Json> {
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  const about = { instance: service.guid, service: request.service };
  // Who sent bytes as they were, as the gateway of another process does, wants the answer so too.
  const exact = isCarried(request.payload);
  const settle = (answer: DxlResponse | DxlErrorResponse | 'gone') => {
    if (answer === 'gone') reject(fabricErrors.service_lost(about));
    else if (answer.type === 'response') resolve(exact ? carryPayload(answer.payload) : answerOf(answer.payload));
    else if (answer.errorCode === dxlErrorCodes.unavailable) reject(fabricErrors.service_gone(about));
    else reject(failed(request.service, answer));
  };
  // The key lets a provider see that two requests are attempts of one effect; the trace lets people follow it.
  const headers = { 'counterpoint.key': request.key, 'counterpoint.trace': request.causality.trace };
  const { otherFields, ...source } = senderFields(request.payload, brokerId, request.sender);
  const fields = { ...otherFields, ...headers };
  const message = {
    ...brokerRequest(brokerId, service.client, service.guid, payloadOf(request.payload), fields),
    ...source,
  };
  const fault = hand({ service, from: undefined, request: message, settle }, topic);
  if (fault === dxlErrorCodes.unavailable) {
    unreachable(service);
    reject(fabricErrors.service_gone(about));
  } else if (fault !== undefined) reject(fabricErrors.service_unavailable({ ...about, reason: OVERLOADED }));
  signal.addEventListener('abort', () => resolve(null), { once: true });
  return promise;
}

function failed(service: string, { errorCode, errorMessage, payload }: DxlErrorResponse): CounterpointError {
  const said = errorMessage === '' ? Buffer.from(payload).toString('utf8').slice(0, 200) : errorMessage;
  const reason = `${said === '' ? 'no reason' : said.replace(/\.$/, '')} (code ${errorCode})`;
  return fabricErrors.service_failed({ service, reason }, { details: { errorCode, errorMessage } });
}
