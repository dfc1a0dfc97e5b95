import type { Json, JsonObject } from '@counterpoint/core';

/** An event as a tool gets it. */
export interface HeardEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** An event that a tool announces. */
export interface Announcement {
  readonly topic: string;
  readonly subject: string;
  readonly data: JsonObject;
  /** Its own id of the event: announcing it twice announces it once. */
  readonly id: string;
  /** Id of the event that brought it about. */
  readonly cause?: string;
}

/** What a tool does on the fabric of its own accord, apart from how it is connected. */
export interface Fabric {
  /** Resolves with the event's id when it is durable. */
  publish(announcement: Announcement): Promise<string>;
  invoke(service: string, payload: JsonObject, key: string): Promise<Json>;
}
