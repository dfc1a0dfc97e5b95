import { isCounterpointError, type JsonObject, parseJson } from '@counterpoint/core';
import { errors } from '../errors.ts';

/** What a client says when it registers a service. */
export interface Registration {
  readonly guid: string;
  readonly serviceType: string;
  readonly topics: readonly string[];
  readonly metadata: JsonObject;
  readonly ttlMinutes: number;
}

const LONGEST = 512;
const MOST_TOPICS = 1_000;
const DEFAULT_TTL = 60;
const LONGEST_TTL = 60 * 24 * 366;

/** Reads a JSON payload that must be an object; nothing at all counts as an empty one. @throws gateway.dxl_payload_invalid */
export function readObject(payload: Uint8Array): JsonObject {
  const text = Buffer.from(payload).toString('utf8').replace(/\0+$/, '');
  if (text.trim() === '') return {};
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
  }
  throw invalid('it is no JSON object');
}

/** Reads what a client registers. @throws gateway.dxl_payload_invalid */
export function readRegistration(payload: Uint8Array): Registration {
  const { serviceGuid, serviceType, requestChannels, metaData = {}, ttlMins } = readObject(payload);
  if (!isText(serviceGuid)) throw invalid('serviceGuid is missing');
  if (!isText(serviceType)) throw invalid('serviceType is missing');
  if (!Array.isArray(requestChannels) || !requestChannels.every(isText)) throw invalid('requestChannels is no list');
  if (requestChannels.length > MOST_TOPICS) throw invalid(`requestChannels has more than ${MOST_TOPICS} topics`);
  const isMetadata = typeof metaData === 'object' && metaData !== null && !Array.isArray(metaData);
  const minutes = typeof ttlMins === 'number' && ttlMins > 0 ? Math.min(ttlMins, LONGEST_TTL) : DEFAULT_TTL;
  return {
    guid: serviceGuid,
    serviceType,
    topics: requestChannels,
    metadata: isMetadata ? (metaData as JsonObject) : {},
    ttlMinutes: minutes,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST;
}

function invalid(reason: string): Error {
  return errors.dxl_payload_invalid({ reason });
}
