import type { Json } from '@counterpoint/core';

/** What is typed on the form. */
export interface Draft {
  readonly topic: string;
  readonly participant: string;
  /** JSON. */
  readonly data: string;
}

/** The most that the data of an event may have: characters. */
const LONGEST = 1024 * 1024;

/** Beyond so many characters data is shown as it is: laid out in lines it would take seconds to draw. */
const LARGE = 50_000;

/** Whether data is too large to be laid out in lines. */
export function isLarge(data: string): boolean {
  return data.length > LARGE;
}

function laidOut(data: unknown): string {
  const plain = JSON.stringify(data);
  return isLarge(plain) ? plain : JSON.stringify(data, null, 2);
}

/** An event as the form shows it; the publisher only where it is known. */
export function draftOf(event: {
  readonly topic: string;
  readonly participant?: string;
  readonly data: unknown;
}): Partial<Draft> & Pick<Draft, 'topic' | 'data'> {
  const { topic, participant, data } = event;
  return { topic, data: laidOut(data), ...(participant === undefined ? {} : { participant }) };
}

/** Reads the data; `problem` says what is wrong with it. */
export function readData(text: string): { readonly data: Json; readonly problem: string | undefined } {
  if (text.length > LONGEST) return { data: null, problem: 'An event may have at most 1 MiB of data.' };
  try {
    return { data: JSON.parse(text) as Json, problem: undefined };
  } catch {
    return { data: null, problem: 'This is not JSON yet.' };
  }
}

/** Whether something is a whole event, as logs and other programs show it: a CloudEvents envelope, or one with `topic`. */
function isEnvelope(value: Json): value is { readonly [member: string]: Json } {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('data' in value)) return false;
  const { type, specversion, topic, participant } = value as { readonly [member: string]: Json };
  const isCloudEvent = typeof type === 'string' && typeof specversion === 'string';
  return isCloudEvent || (typeof topic === 'string' && typeof participant === 'string');
}

/** What the form becomes when this stands in the field of the data: a whole event that was pasted is taken apart. */
export function typed(text: string): Partial<Draft> {
  const { data: value } = readData(text);
  if (!isEnvelope(value)) return { data: text };
  const { type, topic = type, participant, data = null } = value;
  return draftOf({ topic: String(topic), data, ...(typeof participant === 'string' ? { participant } : {}) });
}
