/** When something was first taken in hand, and how long that and the rest of the work took. */
export interface Handling {
  /** When somebody first took it in hand (Unix ms); null: it still waits. */
  readonly acknowledged_at: number | null;
  /** Who did; empty while it waits. */
  readonly acknowledged_by: string;
  /**
   * Milliseconds that it had waited until then; null also where nothing waited, as a case that somebody opens themselves.
   * Durations stand beside the times so that an index can find the middle one of many.
   */
  readonly acknowledge_ms: number | null;
  /** Milliseconds from its beginning to its end; null while it is open. */
  readonly resolve_ms: number | null;
}

/** The handling of what nobody has taken in hand. */
export const UNHANDLED: Handling = {
  acknowledged_at: null,
  acknowledged_by: '',
  acknowledge_ms: null,
  resolve_ms: null,
};
