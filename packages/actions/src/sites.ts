import type { Json, JsonObject } from '@counterpoint/core';
import type { Causality, EffectRow } from '@counterpoint/events';

/** A call of an action through a connection that an edge node calls. */
export interface SiteCall {
  /** The edge node: id of the participant. */
  readonly site: string;
  readonly connector: string;
  readonly connection: string;
  readonly action: string;
  readonly input: JsonObject;
  /** The same for every attempt of one effect. */
  readonly key: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** A wish that an effect of an edge node stays longer. */
export interface SiteExtension {
  readonly site: string;
  readonly effect: string;
  /** Milliseconds from now on. */
  readonly lease: number;
  readonly reason: string;
  /** Who claims it from now on. */
  readonly holder: string;
  readonly causality: Causality;
}

/** What is done at other sites: by edge nodes, over the connection that they have opened. */
export interface Sites {
  /** Performs an action once. @throws ConnectorError; `connector.unavailable` while the node is away */
  perform(call: SiteCall, signal: AbortSignal): Promise<Json>;
  /**
   * Has a node keep an effect longer, within what its guard allows. Gives until when it stays then (Unix ms; null: no end by
   * time). @throws fabric.service_unavailable while the node is away, and what extending it there throws
   */
  extend(extension: SiteExtension, signal: AbortSignal): Promise<number | null>;
  /** Has nodes undo effects that they performed, each as soon as it is reached. Asking twice does no harm. */
  release(effects: readonly EffectRow[], reason: string, causality: Causality): Promise<void>;
}
