import type { Clock, JsonObject } from '@counterpoint/core';
import type { DxlClient } from './client.ts';

/** A service as a client registered it (topic `svcregistry/register`). */
export interface RegisteredService {
  readonly guid: string;
  readonly serviceType: string;
  /** Topics that requests to it are sent to; may end with `/#`. */
  readonly topics: readonly string[];
  readonly metadata: JsonObject;
  readonly ttlMinutes: number;
  readonly client: DxlClient;
  /** Unix milliseconds. */
  readonly registeredAt: number;
}

/** The services that clients of this broker registered. */
export interface ServiceRegistry {
  /** Registers or renews. */
  put(service: RegisteredService): void;
  remove(guid: string): RegisteredService | undefined;
  get(guid: string): RegisteredService | undefined;
  /** The next in turn for a topic: its own, else `/a/b/#`, `/a/#`, `/#`, `#`. */
  next(topic: string): RegisteredService | undefined;
  all(): Iterable<RegisteredService>;
  ofClient(client: DxlClient): readonly RegisteredService[];
  close(): void;
}

interface Turn {
  readonly services: RegisteredService[];
  next: number;
}

const MINUTE = 60_000;
/** Minutes after its time to live that a service is still there, as in the original broker. */
export const GRACE_MINUTES = 5;

/** Makes an empty registry. @param expired told of services that nobody renewed, which are removed already */
export function createRegistry(clock: Clock, expired: (service: RegisteredService) => void): ServiceRegistry {
  const services = new Map<string, RegisteredService>();
  const byTopic = new Map<string, Turn>();
  const timers = new Map<string, () => void>();

  const unlink = (service: RegisteredService) => {
    for (const topic of service.topics) {
      const turn = byTopic.get(topic);
      const at = turn?.services.findIndex(({ guid }) => guid === service.guid) ?? -1;
      if (!turn || at < 0) continue;
      turn.services.splice(at, 1);
      if (turn.services.length === 0) byTopic.delete(topic);
    }
  };
  const remove = (guid: string) => {
    const service = services.get(guid);
    if (!service) return undefined;
    services.delete(guid);
    timers.get(guid)?.();
    timers.delete(guid);
    unlink(service);
    return service;
  };

  return {
    put(service) {
      remove(service.guid);
      services.set(service.guid, service);
      for (const topic of new Set(service.topics)) {
        const turn = byTopic.get(topic) ?? { services: [], next: 0 };
        turn.services.push(service);
        byTopic.set(topic, turn);
      }
      const life = (service.ttlMinutes + GRACE_MINUTES) * MINUTE;
      timers.set(
        service.guid,
        clock.after(life, () => {
          remove(service.guid);
          expired(service);
        }),
      );
    },
    remove,
    get: (guid) => services.get(guid),
    next(topic) {
      for (const channel of channelsFor(topic)) {
        const turn = byTopic.get(channel);
        if (!turn) continue;
        turn.next = (turn.next + 1) % turn.services.length;
        return turn.services[turn.next];
      }
      return undefined;
    },
    all: () => services.values(),
    ofClient: (client) => [...services.values()].filter((service) => service.client === client),
    close() {
      for (const disarm of timers.values()) disarm();
      timers.clear();
    },
  };
}

/** What a service may have registered to get requests on a topic: the topic itself, then the wildcards above it, nearest first. */
export function* channelsFor(topic: string): Generator<string> {
  yield topic;
  for (let slash = topic.lastIndexOf('/'); slash >= 0; slash = topic.lastIndexOf('/', slash - 1)) {
    yield `${topic.slice(0, slash)}/#`;
    if (slash === 0) break;
  }
  yield '#';
}
