/** How long to wait between attempts. Delays grow from `delay` by `factor`, never beyond `max` (milliseconds). */
export interface BackoffPolicy {
  readonly delay: number;
  readonly factor: number;
  readonly max: number;
}

/**
 * The delay in milliseconds before attempt `attempt + 1`, after attempt `attempt` (1-based) failed.
 *
 * @param jitter 0 to 1, drawn by the caller (so that decisions stay pure); 0 gives the full delay, 1 half of it.
 */
export function backoffDelay(policy: BackoffPolicy, attempt: number, jitter = 0): number {
  const full = Math.min(policy.max, policy.delay * policy.factor ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - jitter / 2));
}
