import { type Json, type JsonObject, parseJson } from '@counterpoint/core';
import { isForeignTopic } from '@counterpoint/events';
import type { Publication } from '@counterpoint/fabric';
import { errors } from '../errors.ts';

const STRICT = new TextDecoder('utf-8', { fatal: true });

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return STRICT.decode(payload);
  } catch {
    return undefined;
  }
}

/**
 * What a payload holds: JSON where it is some. On a foreign topic other text is a string, and bytes that are no text are
 * `{base64}`.
 *
 * @throws gateway.mqtt_payload_invalid, core.json_too_deep
 */
export function dataOf(topic: string, payload: Uint8Array): Json {
  const text = textOf(payload);
  if (text === undefined) {
    if (isForeignTopic(topic)) return { base64: Buffer.from(payload).toString('base64') };
    throw errors.mqtt_payload_invalid({ topic, reason: 'it is no UTF-8' });
  }
  if (text === '') return null;
  const bracketed = /^\s*[[{]/.test(text);
  try {
    return parseJson(text);
  } catch (error) {
    // Something that only begins like JSON is a mistake, whatever the topic.
    if (bracketed || !isForeignTopic(topic)) throw error;
    return text;
  }
}

/**
 * What a message publishes: its payload is the data, or a CloudEvent in structured mode, told by its `specversion`, whose
 * type must be the topic.
 *
 * @throws gateway.mqtt_payload_invalid, core.json_invalid, core.json_too_deep
 */
export function publicationOf(topic: string, payload: Uint8Array): Publication {
  const data = dataOf(topic, payload);
  if (!isObject(data) || data.specversion !== '1.0' || typeof data.type !== 'string') return { topic, data };
  const { type, id, subject, cause } = data;
  if (type !== topic) throw errors.mqtt_payload_invalid({ topic, reason: `its type is ${type.slice(0, 200)}` });
  return {
    topic,
    data: data.data ?? null,
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof subject === 'string' ? { subject } : {}),
    ...(typeof cause === 'string' ? { cause } : {}),
  };
}
