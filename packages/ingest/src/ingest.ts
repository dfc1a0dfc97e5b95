import { type Clock, defaultLimits } from '@counterpoint/core';
import type { SourceRow, Store } from '@counterpoint/events';
import { defaultNoise, type NoiseList, noiseList } from '@counterpoint/formats';
import { errors } from './errors.ts';
import type { Normalizer } from './normalizer/compile.ts';
import { keepDelivery, type ReceiveLimits } from './receive.ts';
import { authenticateRequest, type OpenSecret } from './source/authenticate.ts';
import type { RequestHeaders } from './source/headers.ts';
import { createDoorBook } from './source/turned-away.ts';
import { createWorker } from './worker.ts';

/** What ingest is made of. */
export interface IngestOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** By id. */
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  /** Opens a signing secret; in the server `(id) => vault.open(id, { purpose: 'source' })`. */
  readonly openSecret: OpenSecret;
  /** What is not worth being an observable. Default: `defaultNoise` of formats. */
  readonly noise?: NoiseList;
  readonly limits?: Partial<ReceiveLimits>;
  /** Is told why a batch has to be done again. Nothing is lost by it. */
  readonly onRetry?: (error: unknown) => void;
}

/** A request to the webhook of a source. */
export interface IngestRequest {
  readonly source: SourceRow;
  /** Names in lower case. */
  readonly headers: RequestHeaders;
  /** The body, byte for byte. */
  readonly body: Uint8Array;
  /** As the header says, parameters included. */
  readonly mediaType: string;
}

/** What the sender is told. */
export interface IngestAnswer {
  readonly status: 'accepted' | 'duplicate';
  /** Id of the raw input. */
  readonly raw: string;
  readonly trace: string;
}

/** Takes what sources send and makes alerts of it. */
export interface Ingest {
  /**
   * Accepts a delivery and resolves when its bytes are durable; what becomes of them is decided right after.
   *
   * @throws ingest.unauthenticated, ingest.source_disabled, ingest.source_without_normalizer, ingest.delivery_invalid,
   * ingest.delivery_conflict, ingest.media_type_unsupported, ingest.unreadable, core.body_too_large, and what commit throws
   */
  receive(request: IngestRequest): Promise<IngestAnswer>;
  /** Counts a request that was refused at the door of a source, whoever refused it; see `turnedAwayFrom`. */
  turnedAway(source: SourceRow, refusal: unknown, address: string): void;
  /** Decides about everything that a stopped server left undecided. Call it once, when the server starts. */
  recover(): void;
  /** Resolves when everything received so far is decided, and what was turned away is written down. */
  idle(): Promise<void>;
  /** Ends after the current batch; the rest is decided after the next start. */
  stop(): Promise<void>;
}

/** How many items one body may hold unless told otherwise. */
export const DEFAULT_MAX_ITEMS = 20_000;

/** Makes the ingest of a process. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, clock, normalizers, openSecret, onRetry = () => undefined } = options;
  const limits: ReceiveLimits = {
    bodyBytes: defaultLimits.bodyBytes,
    jsonDepth: defaultLimits.jsonDepth,
    items: DEFAULT_MAX_ITEMS,
    ...options.limits,
  };
  const reader = { normalizers, noise: options.noise ?? noiseList(defaultNoise), limits };
  const worker = createWorker({ store, clock, reader, onRetry });
  const door = createDoorBook({ store, clock, onRetry });
  return {
    async receive({ source, headers, body, mediaType }) {
      const now = clock.now();
      const { delivery } = await authenticateRequest(source, { headers, body, now }, openSecret);
      if (source.normalizer === '') throw errors.source_without_normalizer({ source: source.id });
      const { status, raw } = await keepDelivery(store, { source, delivery, mediaType, body, now }, limits);
      if (status === 'accepted') worker.offer(raw, source);
      return { status, raw: raw.id, trace: raw.trace };
    },
    turnedAway: (source, refusal, address) => door.note(source, refusal, address),
    recover: () => worker.recover(),
    async idle() {
      await Promise.all([worker.idle(), door.flush()]);
    },
    async stop() {
      await Promise.all([worker.stop(), door.flush()]);
    },
  };
}
