import type { Runtime } from '../runtime.ts';
import type { ExpressionType } from '../types.ts';

/** An example of the reference; a test evaluates it. */
export interface FunctionExample {
  readonly expression: string;
  /** What it gives, as plain data. */
  readonly result?: unknown;
  /** The code of the error it ends in, instead of a result. */
  readonly error?: string;
}

/** What the reference says about a function. */
export interface FunctionDoc {
  readonly name: string;
  /** For the grouping of the reference. */
  readonly group: string;
  /** How it is called and what it gives: `lower(text: string) -> string`. `method` tells that `text.lower()` works too. */
  readonly signatures: readonly string[];
  readonly method: boolean;
  readonly summary: string;
  readonly examples: readonly FunctionExample[];
}

/** The arguments of a call, already checked against the signatures. */
type Arguments = readonly unknown[];

/** A function of the library: its documentation and its work. */
export interface FunctionSpec extends FunctionDoc {
  /** Whether its result counts as checked, whatever went in. */
  readonly trusted?: boolean;
  /** Steps of one call beyond those for the size of what goes in and comes out; default 0. A step stands for about 100 ns. */
  readonly cost?: number;
  /** A result type that the signature cannot say. */
  readonly returns?: ExpressionType;
  /** Does the work. Must charge the runtime for more than linear work, and must not change its arguments. */
  readonly run: (args: Arguments, runtime: Runtime) => unknown;
}
