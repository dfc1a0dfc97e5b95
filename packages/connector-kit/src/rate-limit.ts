import { type Clock, parseDuration } from '@counterpoint/core';
import type { EgressClient } from './connector.ts';
import { ConnectorError } from './errors.ts';
import type { ConnectorManifest } from './manifest.ts';

/** The longest that a request waits for its turn; beyond it the step decides, through `retry`. */
const MAX_WAIT = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Holds requests back so that a vendor's limit is kept. */
export interface RateLimiter {
  /** Resolves when a request of this connection may be sent. @throws connector.rate_limited, connector.timeout */
  take(connectionId: string, clock: Clock, signal: AbortSignal): Promise<void>;
}

function sleep(millis: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const onAbort = () => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(millis, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * A token bucket for each connection: `requests` at once, refilled evenly over `per`. A request waits at most ten
 * seconds for its turn; when it would have to wait longer it fails with the wait as `retryAfter`, surely not sent.
 */
export function createRateLimiter(connector: string, limit: NonNullable<ConnectorManifest['rate_limit']>): RateLimiter {
  const perToken = parseDuration(limit.per) / limit.requests;
  const buckets = new Map<string, Bucket>();
  return {
    async take(connectionId, clock, signal) {
      const now = clock.now();
      const bucket = buckets.get(connectionId) ?? { tokens: limit.requests, at: now };
      buckets.set(connectionId, bucket);
      bucket.tokens = Math.min(limit.requests, bucket.tokens + Math.max(0, now - bucket.at) / perToken);
      bucket.at = now;
      const wait = bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) * perToken);
      if (wait > MAX_WAIT) {
        const reason = `our own limit of ${limit.requests} requests per ${limit.per} is used up`;
        throw new ConnectorError('rate_limited', { connector, reason }, { performed: 'no', retryAfter: wait });
      }
      // Taken before the wait, so that those who come later queue behind.
      bucket.tokens -= 1;
      if (wait > 0 && !(await sleep(wait, clock, signal))) {
        bucket.tokens += 1;
        throw new ConnectorError(
          'timeout',
          { connector, reason: 'the time was over before its turn' },
          { performed: 'no' },
        );
      }
    },
  };
}

/** The client, with each request waiting for its turn. */
export function limitEgress(http: EgressClient, turn: () => Promise<void>): EgressClient {
  return {
    async request(request) {
      await turn();
      return http.request(request);
    },
  };
}
