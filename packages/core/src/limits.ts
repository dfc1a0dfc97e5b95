/** Bounds on what comes from outside. Sizes are bytes. */
export interface Limits {
  /** The largest request body that is read. */
  readonly bodyBytes: number;
  /** The deepest nesting of arrays and objects in JSON. */
  readonly jsonDepth: number;
  /** The largest output of one step or one action. */
  readonly outputBytes: number;
  /** The longest text that an expression may produce. */
  readonly expressionBytes: number;
}

/** The defaults; `limits.*` in the configuration changes them. */
export const defaultLimits: Limits = {
  bodyBytes: 5 * 1024 * 1024,
  jsonDepth: 64,
  outputBytes: 16 * 1024 * 1024,
  expressionBytes: 4 * 1024 * 1024,
};
