import type { Json } from '@counterpoint/core';

/** What is typed on the form. */
export interface Draft {
  readonly topic: string;
  readonly participant: string;
  /** JSON. */
  readonly data: string;
}

/** An event as the form shows it; the publisher only where it is known. */
export function draftOf(event: {
  readonly topic: string;
  readonly participant?: string;
  readonly data: unknown;
}): Partial<Draft> & Pick<Draft, 'topic' | 'data'> {
  const { topic, participant, data } = event;
  return { topic, data: JSON.stringify(data, null, 2), ...(participant === undefined ? {} : { participant }) };
}

/** Reads the data; `problem` says what is wrong with it. */
export function readData(text: string): { readonly data: Json; readonly problem: string | undefined } {
  try {
    return { data: JSON.parse(text) as Json, problem: undefined };
  } catch {
    return { data: null, problem: 'This is not JSON yet.' };
  }
}
