import { isCounterpointError } from '@counterpoint/core';
import { type Expression, pathOf, readsOf } from './ast.ts';
import { compileNode, type Evaluator } from './compile.ts';
import { errors } from './errors.ts';
import { type EvaluateOptions, Runtime } from './runtime.ts';
import { at } from './source.ts';
import { parseExpression } from './syntax.ts';
import { admit, finish, Optional } from './values.ts';

/** An expression, ready to be evaluated any number of times. It keeps no state between evaluations. */
export interface CompiledExpression {
  readonly source: string;
  /** The longest member paths that it reads from its scope, such as `['steps', 'rep', 'malicious']`. */
  readonly reads: readonly string[][];
  /**
   * Evaluates with plain JSON data, which is read in place and never changed. The result is plain JSON data and may
   * share parts with the scope; what is passed through whole (`steps.msg`) is the same object and is not walked.
   *
   * @throws only errors of this package, with the place in `details`
   */
  evaluate(scope: Readonly<Record<string, unknown>>, options?: EvaluateOptions): unknown;
}

const CACHE_SIZE = 5_000;
const cache = new Map<string, CompiledExpression>();
const NO_OPTIONS: EvaluateOptions = {};

/**
 * Compiles CEL. The last 5,000 expressions are kept, so compiling the same text again costs a look-up.
 *
 * @throws expressions.syntax, too_complex, unsupported, matches_refused, unknown_function, wrong_arguments
 */
export function compileExpression(source: string): CompiledExpression {
  const known = cache.get(source);
  if (known) return known;
  const tree = parseExpression(source, (problem) => {
    throw problem;
  });
  const compiled = compiledFrom(tree, source);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  cache.set(source, compiled);
  return compiled;
}

/** Makes an expression of a tree that has no `invalid` nodes. */
export function compiledFrom(tree: Expression, source: string): CompiledExpression {
  const evaluator = compileNode(tree);
  // What is read as it stands in the scope need not be walked again: the scope holds plain data.
  const builds = pathOf(tree) === undefined;
  return {
    source,
    reads: readsOf(tree),
    evaluate: (scope, options = NO_OPTIONS) => run(evaluator, builds, new Runtime(scope, options), source),
  };
}

function run(evaluator: Evaluator, builds: boolean, runtime: Runtime, source: string): unknown {
  try {
    const value = evaluator(runtime);
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    return builds || value instanceof Optional || typeof value === 'number'
      ? finish(value, runtime)
      : admit(value, runtime);
  } catch (error) {
    if (isCounterpointError(error)) throw error;
    if (error instanceof RangeError) {
      throw errors.budget_exceeded({ budget: 'the available' }, { cause: error, ...at(runtime.span) });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.evaluation_failed({ reason }, { cause: error, details: { source, ...runtime.where().details } });
  }
}
