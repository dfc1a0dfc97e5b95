import type { IncomingHttpHeaders } from 'node:http';
import type { Json, JsonObject } from '@counterpoint/core';
import { errors } from '../errors.ts';

/** Media types of CloudEvents in structured mode (CloudEvents HTTP binding 1.0.2 §3.2, §3.3). */
export const CLOUD_EVENT_TYPES = ['application/cloudevents+json', 'application/cloudevents-batch+json'] as const;

const NAMED = ['id', 'source', 'type'] as const;

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function publicationOf(event: Json): JsonObject {
  if (!isObject(event)) throw errors.cloud_event_invalid({ reason: 'it is no object' });
  if (event.specversion !== '1.0') throw errors.cloud_event_invalid({ reason: 'its specversion is not 1.0' });
  for (const name of NAMED) {
    if (typeof event[name] !== 'string') throw errors.cloud_event_invalid({ reason: `it has no ${name}` });
  }
  if (event.data_base64 !== undefined) throw errors.cloud_event_invalid({ reason: 'its data is binary' });
  const { id, type, subject, cause, data = null } = event;
  return {
    topic: type as Json,
    id: id as Json,
    data,
    ...(subject === undefined ? {} : { subject }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/**
 * Reads a body in structured or batch mode as what is to be published: its type is the topic. Source, time and trace are
 * not taken over, since the fabric sets them itself.
 *
 * @throws api.cloud_event_invalid
 */
export function fromStructured(body: Json): Json {
  return Array.isArray(body) ? body.map(publicationOf) : publicationOf(body);
}

/**
 * Reads a request in binary mode (§3.1): attributes in `ce-` headers, the body is the data. Undefined when it has none.
 *
 * @throws api.cloud_event_invalid
 */
export function fromBinary(headers: IncomingHttpHeaders, body: Json): Json | undefined {
  if (headers['ce-specversion'] === undefined) return undefined;
  const named = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  const attributes = named.map(([name, value]) => [name.slice('ce-'.length), decode(String(value))]);
  return publicationOf({ ...Object.fromEntries(attributes), data: body });
}

/** Header values are percent-encoded (§3.1.3.2). */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
