import type { Json } from '@counterpoint/core';

/** Requests between the processes of one installation: who asks waits for one answer. */
export interface ProcessCalls {
  /** Answers requests that are addressed to this process; gives the way to stop. What `answer` throws is no answer to who asks. */
  serve(process: string, answer: (request: Uint8Array) => Promise<Uint8Array>): Promise<() => Promise<void>>;
  /**
   * @throws events.process_absent when the request surely did not get there, since nobody serves; events.process_unreachable
   *   when there was no answer in time (`timeout` in milliseconds), so that nobody can tell
   */
  call(process: string, request: Uint8Array, timeout: number): Promise<Uint8Array>;
}

/**
 * What the processes of one installation tell each other at once, so that nobody has to look in the store again and again.
 * What is told may be lost: the store stays the truth, and is looked at all the same, rarely while `calm`.
 */
export interface ProcessNotices {
  /** Tells every other process that listens to `about`. Never waits and never fails. @param about one word */
  tell(about: string, data: Json): void;
  /** Hears what others tell, in the order of each; gives the way to stop. */
  hear(about: string, listener: (data: Json) => void): () => void;
  /**
   * Whether what was told lately has surely come, and everybody who told something is still there. While it is not, look
   * in the store as if nobody told anything.
   */
  readonly calm: boolean;
}
