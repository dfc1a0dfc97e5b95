import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

/** What a source sent us, byte for byte. Unique per `(source, delivery)`. */
export interface RawInputRow extends Causality {
  readonly id: string;
  /** Id of the ingest source. */
  readonly source: string;
  /** The sender's delivery id, or `sha256:<hash of the body>`. */
  readonly delivery: string;
  readonly media_type: string;
  readonly body: Uint8Array;
  /** `received`: durable, not read yet. `processed`: every item has a decision. `refused`: unreadable, see `error`. */
  readonly state: 'received' | 'processed' | 'refused';
  readonly error: Json;
  readonly received_at: number;
  readonly simulated: boolean;
  readonly rev: number;
}

/** What became of one item of a raw input. Every item has exactly one. */
export interface IngestDecisionRow {
  readonly id: string;
  readonly raw: string;
  /** Which item of the raw input (a batch holds several), from 0. */
  readonly item: number;
  readonly source: string;
  /** `created`: a new alert. `merged`: counted on an alert with the same finding key. `duplicate`: same delivery again. */
  readonly decision: 'created' | 'merged' | 'duplicate' | 'suppressed' | 'refused';
  readonly alert: string | null;
  readonly finding_key: string | null;
  readonly reason: string;
  readonly at: number;
  readonly trace: string;
  /** The version of the normaliser that read it ({@link NormalizerVersionRow}); empty when none did, and in old rows. */
  readonly normalizer: string;
}

/** What a normaliser said when it was used. Its id is `<normaliser>@<hash of the text>`. */
export interface NormalizerVersionRow {
  readonly id: string;
  readonly normalizer: string;
  /** The document, as written. */
  readonly text: string;
  /** When it was used first. */
  readonly created_at: number;
}

/** Which alert new findings with the same key are counted on, until when. Its id is the hash of source and key. */
export interface DedupWindowRow {
  readonly id: string;
  readonly alert: string;
  readonly expires_at: number;
  readonly rev: number;
}

/** Where alerts come from, and how they are authenticated and read. */
export interface SourceRow {
  readonly id: string;
  readonly title: string;
  readonly kind: 'webhook';
  /** Id of the normaliser. */
  readonly normalizer: string;
  /** How callers prove themselves: a hashed token, or vault secrets that sign (Standard Webhooks). */
  readonly auth:
    | {
        readonly kind: 'token';
        readonly hash: string;
        /** The hash of the token before the last rotation: no longer let in, but told apart from a stranger's. */
        readonly before?: string;
      }
    | { readonly kind: 'signature'; readonly secrets: readonly string[] };
  /** How long findings with one key are counted on one alert, in milliseconds. */
  readonly dedup_window: number;
  readonly enabled: boolean;
  readonly simulated: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  readonly rev: number;
}

/** What was refused at the door of a source, where nothing is kept of what was sent. Its id is the source's. */
export interface TurnedAwayRow {
  readonly id: string;
  /** How often, by five minutes (`at`: their beginning) and code of the refusal; of the last day. */
  readonly slices: readonly { readonly at: number; readonly code: string; readonly count: number }[];
  readonly last: {
    readonly at: number;
    readonly code: string;
    /** In words. May quote what was sent, up to 300 characters. */
    readonly reason: string;
    /** The network address that it came from. */
    readonly address: string;
  };
  readonly rev: number;
}
