/**
 * Who and why, on every row that matters.
 *
 * References are written `<kind>:<id>`: `event:…`, `raw:…`, `run:<id>` or `run:<id>/<address>`, `effect:…`, `case:…`,
 * `alert:…`, `user:…`, `token:…`, `source:…`, `playbook:<id>`, `system`.
 */
export interface Causality {
  /** On whose rights this happened: `user:…`, `token:…`, `playbook:…`, `source:…` or `system`. */
  readonly principal: string;
  /** The W3C trace id (32 hex digits) shared by everything that followed from one first cause. */
  readonly trace: string;
  /** The direct cause, as a reference; empty for a first cause. */
  readonly cause: string;
  /** How many event-to-event hops lie behind this; 0 for a first cause. */
  readonly hop: number;
}

/** The causality of something that `cause` brings about: same trace and hop, new principal and cause. */
export function causedBy(parent: Causality, cause: string, principal: string = parent.principal): Causality {
  return { principal, trace: parent.trace, cause, hop: parent.hop };
}

/** Takes just the causality out of a row that carries one. */
export function causalityOf(row: Causality): Causality {
  return { principal: row.principal, trace: row.trace, cause: row.cause, hop: row.hop };
}
