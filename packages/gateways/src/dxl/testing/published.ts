import { type EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';

/** A message of the published client. */
export interface Message {
  messageId: string;
  destinationTopic: string;
  payload: Buffer | string;
  sourceClientId: string;
  sourceBrokerId: string;
  brokerIds: string[];
  clientIds: string[];
  otherFields: Record<string, string>;
  serviceId: string;
  replyToTopic: string;
}

/** What its callbacks get when a request fails. */
export interface RequestError extends Error {
  readonly code: string;
  readonly dxlErrorResponse: { readonly errorCode: number };
}

/** A client of the published library, as far as the tests use it. */
export interface Client extends EventEmitter {
  readonly connected: boolean;
  /** The MQTT client inside, to send what the library would not. */
  readonly _mqttClient: {
    end(force: boolean): void;
    publish(topic: string, payload: Buffer): void;
    subscribe(topic: string, done: (error: Error | null, granted: readonly { qos: number }[]) => void): void;
    readonly stream: Duplex;
  };
  connect(done: () => void): void;
  destroy(done?: () => void): void;
  disconnect(done?: () => void): void;
  subscribe(topic: string): void;
  addEventCallback(topic: string, callback: (event: Message) => void, subscribe?: boolean): void;
  sendEvent(event: Message): void;
  sendResponse(response: Message): void;
  asyncRequest(request: Message, callback: (error: RequestError | null, response: Message) => void): void;
  registerServiceAsync(info: ServiceInfo, callback: (error: RequestError | null) => void): void;
  unregisterServiceAsync(info: ServiceInfo, callback: (error: RequestError | null) => void): void;
}

/** A registration of the published library. */
export interface ServiceInfo {
  readonly serviceId: string;
  metadata: Record<string, string>;
  ttl: number;
  addTopic(topic: string, callback: (request: Message) => void): void;
}

interface Library {
  Client: new (config: unknown) => Client;
  Config: (new (
    ...args: unknown[]
  ) => { _clientId: string; reconnectDelay: number; keepAliveInterval: number }) & {
    createDxlConfigFromFile(file: string): unknown;
  };
  Broker: new (hosts: string, id: string, port: number) => unknown;
  Event: new (topic: string) => Message;
  Request: new (topic: string) => Message;
  Response: new (request: Message) => Message;
  ErrorResponse: new (request: Message, code: number, text: string) => Message;
  ServiceRegistrationInfo: new (client: Client, type: string) => ServiceInfo;
}

const require = createRequire(import.meta.url);

/** The published client, unmodified. */
export const dxl = require('@opendxl/dxl-client') as Library;

/** Its command line program. */
export const dxlCommand = require.resolve('@opendxl/dxl-client/bin/dxlclient.js');

/** Connects, or rejects with the first error or close. */
export async function connected(client: Client): Promise<Client> {
  const refused = Promise.race([once(client, 'error'), once(client, 'close')]).then(([error]) => {
    throw error instanceof Error ? error : new Error('closed');
  });
  refused.catch(() => {});
  await Promise.race([new Promise<void>((resolve) => client.connect(resolve)), refused]);
  client.on('error', () => {});
  return client;
}

/** Asks, and gives the payload of the answer as text. @throws the client's RequestError */
export function ask(client: Client, topic: string, payload = '', change: Partial<Message> = {}): Promise<string> {
  const request = Object.assign(new dxl.Request(topic), { payload }, change);
  return new Promise((resolve, reject) => {
    client.asyncRequest(request, (error, response) => (error ? reject(error) : resolve(String(response.payload))));
  });
}

/** Registers a service whose every topic answers by a function. */
export function offer(
  client: Client,
  type: string,
  topics: readonly string[],
  answer: (request: Message) => string | undefined,
  ttl = 60,
): Promise<ServiceInfo> {
  const info = new dxl.ServiceRegistrationInfo(client, type);
  info.ttl = ttl;
  for (const topic of topics) {
    info.addTopic(topic, (request) => {
      const payload = answer(request);
      if (payload === undefined) return;
      client.sendResponse(Object.assign(new dxl.Response(request), { payload }));
    });
  }
  return new Promise((resolve, reject) => {
    client.registerServiceAsync(info, (error) => (error ? reject(error) : resolve(info)));
  });
}

/** Collects the events of a topic. */
export function heard(client: Client, topic: string): Message[] {
  const got: Message[] = [];
  client.addEventCallback(topic, (event) => got.push(event));
  return got;
}

/** Sends an event. */
export function say(client: Client, topic: string, payload: string | Buffer, change: Partial<Message> = {}): void {
  client.sendEvent(Object.assign(new dxl.Event(topic), { payload }, change));
}

/** Waits until everything that a client sent so far is dealt with: the broker answers in order. */
export async function settled(...clients: readonly Client[]): Promise<void> {
  for (const client of clients) await ask(client, '/mcafee/service/dxl/broker/health');
}
