import { isUtf8 } from 'node:buffer';
import { isCounterpointError, type Json, type JsonObject, parseJson } from '@counterpoint/core';

/** A payload of OpenDXL as an event of the fabric carries it. */
export interface CarriedPayload extends JsonObject {
  /** What was sent: parsed where it is JSON, else text, else base64. */
  readonly payload: Json;
  readonly encoding: Encoding;
}

type Encoding = 'json' | 'text' | 'base64';

/** Bytes up to which a payload is carried both parsed and as it was; an event has room for about a megabyte. */
const TWICE_AT_MOST = 256 * 1024;
const ENCODINGS: readonly string[] = ['json', 'text', 'base64'] satisfies readonly Encoding[];

/**
 * Reads a payload so that reactions can look into it. `raw` is the text as it was, where writing the JSON anew would give
 * other bytes: subscribers get exactly what was sent (a payload of more than 256 KiB is text then). Some services end their JSON with a NUL; it counts as JSON.
 */
export function carryPayload(bytes: Uint8Array): CarriedPayload {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) return { payload: buffer.toString('base64'), encoding: 'base64' };
  const text = buffer.toString('utf8');
  const parsed = jsonOf(text);
  if (parsed === undefined) return { payload: text, encoding: 'text' };
  const same = JSON.stringify(parsed) === text;
  if (!same && buffer.length > TWICE_AT_MOST) return { payload: text, encoding: 'text' };
  return { payload: parsed, encoding: 'json', ...(same ? {} : { raw: text }) };
}

function jsonOf(text: string): Json | undefined {
  const trimmed = text.replace(/\0+$/, '');
  if (trimmed === '') return undefined;
  try {
    return parseJson(trimmed);
  } catch (error) {
    if (isCounterpointError(error)) return undefined;
    throw error;
  }
}

/** The bytes of an event's data: what was sent over OpenDXL, or, of anything else, its JSON. */
export function payloadOf(data: Json): Buffer {
  if (!isCarried(data)) return Buffer.from(JSON.stringify(data));
  const { payload, encoding, raw } = data;
  if (encoding === 'base64') return Buffer.from(String(payload), 'base64');
  if (typeof raw === 'string') return Buffer.from(raw);
  return Buffer.from(encoding === 'text' ? String(payload) : JSON.stringify(payload));
}

/** What a service answered, as the caller of an action wants it: the JSON itself where it is JSON. */
export function answerOf(bytes: Uint8Array): Json {
  const { payload, encoding } = carryPayload(bytes);
  if (encoding === 'json') return payload;
  if (encoding === 'text' && payload === '') return null;
  return { payload, encoding };
}

/** Whether data has the form of a carried payload. */
export function isCarried(data: Json): data is CarriedPayload {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const { payload, encoding } = data as JsonObject;
  return payload !== undefined && typeof encoding === 'string' && ENCODINGS.includes(encoding);
}
