import type { Json, JsonObject } from '@counterpoint/core';

/** A call that a rehearsed run made. */
export interface RecordedCall {
  readonly kind: 'action' | 'playbook';
  /** `alias.action`, or the id of a playbook. */
  readonly name: string;
  /** Address of the step; behind that of the calling step and `/` for the steps of a called playbook. */
  readonly address: string;
  readonly with: JsonObject;
  /** Milliseconds; undefined without a lease. */
  readonly lease: number | undefined;
}

/** What is taken down while a run is rehearsed. */
export interface RunRecord {
  readonly calls: RecordedCall[];
  readonly published: { readonly topic: string; readonly data: Json }[];
  /** Ids of the steps whose effects were undone. */
  readonly undone: Set<string>;
  /** What makes the test fail whatever it expects: no stub, refused arguments, defects. Each is kept once. */
  readonly problems: Set<string>;
}

/** An empty record. */
export function newRecord(): RunRecord {
  return { calls: [], published: [], undone: new Set(), problems: new Set() };
}
