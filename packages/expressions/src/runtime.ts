import type { ErrorExtras } from '@counterpoint/core';
import { defaultLimits } from '@counterpoint/core';
import { errors } from './errors.ts';
import { at, type Span } from './source.ts';

/** How many steps an evaluation may take when the caller names no budget. A step is about one node evaluated. */
export const DEFAULT_BUDGET = 1_000_000;

/** The longest text, in UTF-16 units, that an expression may produce. */
const MAX_TEXT = defaultLimits.expressionBytes;

/** The largest result, in characters of its JSON, that an expression may build. */
export const MAX_RESULT = defaultLimits.outputBytes;

/** What the host gives an evaluation besides the data. */
export interface EvaluateOptions {
  /** The value of `now()`: the time of the event being decided, Unix milliseconds. Without it `now()` is an error. */
  readonly now?: number;
  /** Evaluation steps before it is stopped, default 1,000,000 (tens of milliseconds). */
  readonly budget?: number;
  /** Reads a row of a table for `lookup(table, key)`. Without it `lookup` is an error. */
  readonly lookup?: (table: string, key: unknown) => unknown;
}

/** Steps that an error costs where the evaluation goes on after it; making one takes that long. */
export const ERROR_COST = 150;

const NOWHERE: Span = { source: '', offset: 0, length: 0 };

/** The state of one evaluation: data, budget, variables of macros, and the place that is being evaluated. */
export class Runtime {
  readonly scope: Readonly<Record<string, unknown>>;
  readonly options: EvaluateOptions;
  /** Values of macro variables, by slot. */
  readonly slots: unknown[] = [];
  /** What errors of functions point at. */
  span: Span = NOWHERE;
  #left: number;
  readonly #budget: number;

  constructor(scope: Readonly<Record<string, unknown>>, options: EvaluateOptions) {
    this.scope = scope;
    this.options = options;
    this.#budget = options.budget ?? DEFAULT_BUDGET;
    this.#left = this.#budget;
  }

  /** Steps that are left. */
  get left(): number {
    return this.#left;
  }

  /** Takes `steps` from the budget. @throws expressions.budget_exceeded */
  charge(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw errors.budget_exceeded({ budget: this.#budget }, this.where());
  }

  /** Pays for a text of `length` before it is made. @throws expressions.output_too_large, expressions.budget_exceeded */
  chargeText(length: number): void {
    if (length > MAX_TEXT) throw errors.output_too_large({ limit: MAX_TEXT }, this.where());
    this.charge(length >>> 6);
  }

  /** The current place, in the form that error factories take. */
  where(): ErrorExtras {
    return at(this.span);
  }
}
