import {
  type DeliveredEvent,
  type Delivery,
  type ParticipantDeclarationInput,
  type ParticipantEndpointName,
  type PublicationInput,
  participantEndpoints,
  type ServiceRequestView,
} from '@counterpoint/contracts';
import type { Json, JsonObject } from '@counterpoint/core';
import type { z } from 'zod';
import { readAnswer, send } from '../exchange.ts';
import type { StreamEvent } from '../stream.ts';
import { keepReading, type Reading } from './keep-reading.ts';

type Answer<Name extends ParticipantEndpointName> = z.output<(typeof participantEndpoints)[Name]['response']>;

/** Where the server is and who the participant is. */
export interface ParticipantOptions {
  /** Base URL, such as `http://127.0.0.1:7300`. */
  readonly url: string;
  /** `cpp_…`. */
  readonly token: string;
  /** Milliseconds for one call beyond what it waits for by itself; default 30,000. */
  readonly timeout?: number;
  /** Told when a stream ended for good, such as when the token was revoked. */
  readonly onEnd?: (error: unknown) => void;
  /** Told what its declaration in git sets it to do, at each join that brings something else; also after the server came back. */
  readonly onSettings?: (settings: JsonObject) => void;
}

/** What is subscribed to. */
export interface SubscribeOptions {
  /** Topic patterns; default: all that it may subscribe to. */
  readonly topics?: readonly string[];
  /** With a name the server remembers what was dealt with, also while this client is away. */
  readonly durable?: string;
  /** Dead letter after so many attempts; default 10. */
  readonly attempts?: number;
  /** Seconds to deal with an event; default 30. */
  readonly timeout?: number;
  /** Begin behind this position of the log, or at this time (RFC 3339); default: from now. */
  readonly after?: number;
  readonly since?: string;
}

/** Something that goes on until it is stopped. */
export interface Ongoing {
  stop(): void;
}

/** Deals with what comes; throwing says that it could not be done, and why. */
type Handler<Value, Result> = (value: Value) => Promise<Result> | Result;

/** How a service is asked. */
interface InvokeOptions {
  readonly key?: string;
  readonly timeout?: number;
  readonly lease?: number;
  readonly cause?: string;
}

interface Offer {
  readonly contract: JsonObject | undefined;
  readonly answer: Handler<ServiceRequestView, Json>;
}

function fill(path: string, params: Readonly<Record<string, string>>): string {
  return `/fabric/v1${path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))}`;
}

/**
 * A participant on the fabric, over HTTP and server-sent events. Streams connect again by themselves; what a durable
 * subscription had not dealt with comes again.
 *
 * Calls throw a `CounterpointError` with the server's code, `sdk.unreachable` or `sdk.bad_answer`.
 */
export class ParticipantClient {
  readonly #options: ParticipantOptions;
  readonly #closed = new AbortController();
  readonly #offers = new Map<string, Offer>();
  #declaration: ParticipantDeclarationInput | undefined;
  #requests: Promise<void> | undefined;
  #settings = '{}';

  constructor(options: ParticipantOptions) {
    this.#options = options;
  }

  /** Says that it is there, and what it is and can do. */
  join(declaration: ParticipantDeclarationInput = {}): Promise<Answer<'join'>> {
    this.#declaration = declaration;
    return this.#join(declaration);
  }

  heartbeat(): Promise<Answer<'heartbeat'>> {
    return this.#call('heartbeat');
  }

  /** Publishes an event and gives its id, once it is durable. */
  async publish(publication: PublicationInput): Promise<string> {
    const { events } = await this.#call('publish', {}, publication);
    return events[0]?.id ?? '';
  }

  /** Publishes up to 500 events; gives what became of each: `{status: 202, id}`, or the problem. */
  async publishAll(publications: readonly PublicationInput[]): Promise<Answer<'publish'>['events']> {
    return (await this.#call('publish', {}, publications)).events;
  }

  /**
   * Gets events; resolves once nothing from then on is missed. With `durable` an event is acknowledged when `handle`
   * resolves, and given back with the reason when it throws; without, what it throws goes to `onEnd` and is forgotten.
   */
  subscribe(options: SubscribeOptions, handle: Handler<DeliveredEvent, void>): Promise<Ongoing> {
    const { topics, durable, ...rest } = options;
    const query = { ...rest, topics: topics?.join(','), durable };
    let last: string | undefined;
    return this.#read('subscribe', query, {
      lastId: () => (durable === undefined ? last : undefined),
      onEvent: ({ id, data }) => {
        last = id;
        if (durable === undefined) void this.#try(() => handle(data as DeliveredEvent));
        else void this.#settle(data as Delivery, handle);
      },
    });
  }

  /**
   * Offers an action and answers its requests; resolves once others can ask. What `answer` throws is the answer, as an
   * error.
   *
   * @param contract the action as a connector would describe it; undefined when the declaration holds it
   */
  async offer(action: string, contract: JsonObject | undefined, answer: Offer['answer']): Promise<void> {
    this.#offers.set(action, { contract, answer });
    this.#requests ??= this.#read(
      'requests',
      {},
      {
        onReconnect: () => this.#comeAgain(),
        onEvent: (event) => void this.#answer(event),
      },
    ).then(() => undefined);
    await this.#requests;
    await this.#call('offer', { action }, contract);
  }

  /** Offers an action no longer. */
  async withdraw(action: string): Promise<void> {
    this.#offers.delete(action);
    await this.#call('withdraw', { action });
  }

  /**
   * Asks a service, and gives what it answers.
   *
   * @param timeout in seconds, default 30
   * @param lease how long a lasting effect is to stay, in seconds
   * @param cause id of the event that brought it about
   */
  async invoke(service: string, payload: Json, { timeout = 30, ...more }: InvokeOptions = {}): Promise<Json> {
    const body = { payload, timeout, ...more };
    return (await this.#call('invoke', { service }, body, timeout * 1_000)).payload;
  }

  async services(): Promise<Answer<'services'>['services']> {
    return (await this.#call('services')).services;
  }

  /** Leaves, and ends every stream. */
  async leave(): Promise<void> {
    this.close();
    await this.#call('leave');
  }

  /** Ends every stream without saying goodbye: the server notices after a minute. */
  close(): void {
    this.#closed.abort();
  }

  async #call<Name extends ParticipantEndpointName>(
    name: Name,
    params: Readonly<Record<string, string>> = {},
    body?: unknown,
    extra = 0,
  ): Promise<Answer<Name>> {
    const { url, token, timeout = 30_000 } = this.#options;
    const { method, path } = participantEndpoints[name];
    const target = new URL(fill(path, params), url);
    const response = await send(target, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeout + extra),
    });
    return (await readAnswer(response, target)) as Answer<Name>;
  }

  /** Begins to read; resolves at the first connection, and rejects when the server refuses it. */
  #read(
    name: 'subscribe' | 'requests',
    query: Readonly<Record<string, unknown>>,
    reading: Pick<Reading, 'lastId' | 'onReconnect' | 'onEvent'>,
  ): Promise<Ongoing> {
    const url = new URL(fill(participantEndpoints[name].path, {}), this.#options.url);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const stopped = new AbortController();
    const signal = AbortSignal.any([stopped.signal, this.#closed.signal]);
    const ongoing = { stop: () => stopped.abort() };
    return new Promise((resolve, reject) => {
      const onConnected = () => resolve(ongoing);
      keepReading({ ...reading, url, token: this.#options.token, signal, onConnected }).then(
        () => resolve(ongoing),
        (error: unknown) => {
          reject(error);
          this.#options.onEnd?.(error);
        },
      );
    });
  }

  async #join(declaration: ParticipantDeclarationInput): Promise<Answer<'join'>> {
    const answer = await this.#call('join', {}, declaration);
    const settings = JSON.stringify(answer.settings);
    if (settings !== this.#settings) this.#options.onSettings?.(answer.settings as JsonObject);
    this.#settings = settings;
    return answer;
  }

  /** The server may have forgotten it meanwhile: says again what it is and offers. */
  async #comeAgain(): Promise<void> {
    if (this.#declaration) await this.#join(this.#declaration);
    for (const [action, { contract }] of this.#offers) await this.#call('offer', { action }, contract);
  }

  async #settle({ ack, event }: Delivery, handle: Handler<DeliveredEvent, void>): Promise<void> {
    try {
      await handle(event);
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
      await this.#try(() => this.#call('nack', {}, { ids: [ack], reason }));
      return;
    }
    // An acknowledgement that gets lost lets the event come again.
    await this.#try(() => this.#call('ack', {}, { ids: [ack] }));
  }

  async #answer({ data }: StreamEvent): Promise<void> {
    const request = data as ServiceRequestView;
    const offer = this.#offers.get(request.action);
    let answer: { readonly payload: Json } | { readonly error: string };
    try {
      if (!offer) throw new Error(`${request.action} is not offered`);
      answer = { payload: await offer.answer(request) };
    } catch (error) {
      answer = { error: (error instanceof Error ? error.message : String(error)).slice(0, 2_000) || 'it failed' };
    }
    await this.#try(() => this.#call('answer', { id: request.id }, answer));
  }

  async #try(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#options.onEnd?.(error);
    }
  }
}

/** Makes a {@link ParticipantClient}; nothing is sent yet. */
export function createParticipantClient(options: ParticipantOptions): ParticipantClient {
  return new ParticipantClient(options);
}
