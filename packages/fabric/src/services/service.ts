import type { Json, JsonObject } from '@counterpoint/core';
import type { Causality } from '@counterpoint/events';

/** A request to a service. */
export interface ServiceRequest {
  /** `<participant>.<action>`, `<connector>.<action>` (an action of one of our connections), `capability:<name>`, or `dxl.<service type>`. */
  readonly service: string;
  /** Only this instance. */
  readonly instance?: string;
  /** The topic that it is addressed to, where an instance takes requests on several (OpenDXL request channels). */
  readonly topic?: string;
  readonly payload: Json;
  /** Site of who asks; the nearest instance is taken. */
  readonly site?: string;
  /** The same for every attempt of one effect: a provider that sees a key again answers as before. */
  readonly key: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly causality: Causality;
  readonly signal?: AbortSignal;
}

/** A request of somebody who asks for a service by name; where it leads to an action of a connection, it passes the door. */
export interface ServiceWish extends Omit<ServiceRequest, 'causality'> {
  /** Milliseconds that a lasting effect is to stay; what contains something is refused without, as everywhere. */
  readonly lease?: number;
  /** Id of the event that brought it about: it then belongs to that event's trace. */
  readonly cause?: string;
}

/** On whose behalf a service is asked for. */
export interface Asker {
  /** Such as `user:<id>`; it also holds the claim of a lease. */
  readonly principal: string;
  readonly permissions: ReadonlySet<string>;
  readonly causality: Causality;
}

/** One live instance of a service whose connection ends in this process. */
export interface LocalInstance {
  /** Unique; for OpenDXL the service GUID. */
  readonly id: string;
  readonly participant: string;
  readonly service: string;
  /** Topics that requests may be addressed to (OpenDXL request channels). */
  readonly topics: readonly string[];
  readonly site: string;
  readonly metadata: JsonObject;
  /** Milliseconds until it is gone unless it is registered again; undefined: as long as its connection. */
  readonly ttl?: number;
  /**
   * @throws fabric.service_failed: what the provider answers as an error. `details.error` may be the name of a connector's
   *   error (`not_found`, `conflict`, `invalid_request`, `rate_limited`, …); `details.performed` says `no` when it surely did
   *   nothing. fabric.service_gone: it was gone before it took the request. fabric.service_lost: it went away after that.
   */
  call(request: ServiceRequest, signal: AbortSignal): Promise<Json>;
}

/** What is known of an instance anywhere. */
export interface KnownInstance {
  readonly id: string;
  readonly participant: string;
  readonly service: string;
  readonly topics: readonly string[];
  readonly site: string;
  readonly metadata: JsonObject;
  readonly local: boolean;
  readonly expiresAt: number | null;
}

/** Services: who offers what now, and one live instance for each request. */
export interface Services {
  /** Offers an instance; registering the same id again renews it. @throws fabric.offer_denied */
  register(instance: LocalInstance): Promise<void>;
  withdraw(id: string): Promise<void>;
  /**
   * Asks one live instance: the nearest site first, in turn among equals; the next one when an instance is gone before it
   * took the request. A request that an instance may have taken goes to another only when the service is a read.
   *
   * @throws fabric.service_unknown, fabric.service_unavailable (none is live), fabric.service_timeout, fabric.service_failed
   */
  invoke(request: ServiceRequest): Promise<Json>;
  /** As {@link Services.invoke}, for a participant: asks its right to invoke first; actions of our connections pass the door. @throws fabric.invoke_denied */
  invokeFor(participant: string, request: ServiceWish): Promise<Json>;
  /**
   * As {@link Services.invoke}, for a person or token: what it leads to asks for the permissions that acting directly
   * would. @throws as invokeFor, fabric.invoke_held, fabric.invoke_pending, and what the action ends with
   */
  invokeAs(asker: Asker, request: ServiceWish): Promise<Json>;
  /** Whether any instance of a service is live, in whatever process. */
  isLive(service: string): boolean;
  instances(service?: string): readonly KnownInstance[];
  /** Tells of every instance that comes or goes. */
  onChanged(
    listener: (change: { readonly kind: 'registered' | 'withdrawn'; readonly instance: KnownInstance }) => void,
  ): () => void;
}
