import { defaultLimits, type Json, type JsonObject } from '@counterpoint/core';
import { errors } from './errors.ts';
import { type CompiledExpression, compileExpression } from './expression.ts';
import { textOf } from './functions/helpers.ts';
import { type EvaluateOptions, Runtime } from './runtime.ts';
import { hasTemplate, type Segment, scanTemplate } from './template-scan.ts';
import { setOwn } from './values.ts';

/** Where in a JSON value something is: keys and indexes from its root. */
export type JsonPath = readonly (string | number)[];

/** An expression inside a template. `offset` is where it starts in the string at `path`. */
export interface TemplateExpression {
  readonly source: string;
  readonly path: JsonPath;
  readonly offset: number;
}

/** A JSON value whose strings may hold `${{ expressions }}`, ready to be filled in any number of times. */
export interface CompiledTemplate {
  readonly source: Json;
  /** Whether it holds no expression; then `evaluate` gives the same data each time. */
  readonly isConstant: boolean;
  /** The member paths that its expressions read. */
  readonly reads: readonly string[][];
  readonly expressions: readonly TemplateExpression[];
  /**
   * Fills it in. A string that is one expression becomes its value, of any type; otherwise values are written into the
   * text (null as nothing, lists and maps as JSON). The result is data: what values contain is never evaluated.
   *
   * @throws what its expressions throw, expressions.output_too_large
   */
  evaluate(scope: Readonly<Record<string, unknown>>, options?: EvaluateOptions): unknown;
}

type Fill = (scope: Readonly<Record<string, unknown>>, options: EvaluateOptions) => unknown;

/** Visits every string of a template that holds expressions. @throws expressions.template_in_key, too_complex */
export function walkTemplate<T>(value: Json, path: JsonPath, visitor: TemplateVisitor<T>): T {
  if (path.length > defaultLimits.jsonDepth) {
    throw errors.too_complex(
      { reason: `it nests deeper than ${defaultLimits.jsonDepth} levels` },
      { details: { path } },
    );
  }
  if (typeof value === 'string') return hasTemplate(value) ? visitor.text(value, path) : visitor.constant(value);
  if (value === null || typeof value !== 'object') return visitor.constant(value);
  if (Array.isArray(value)) {
    return visitor.list(
      value,
      value.map((item: Json, index) => walkTemplate(item, [...path, index], visitor)),
    );
  }
  const map = value as JsonObject;
  const entries = Object.keys(map).map((key): [string, T] => {
    if (hasTemplate(key)) throw errors.template_in_key({ key }, { details: { path } });
    return [key, walkTemplate(map[key] as Json, [...path, key], visitor)];
  });
  return visitor.map(map, entries);
}

/** What {@link walkTemplate} makes of each kind of node. */
export interface TemplateVisitor<T> {
  constant(value: Json): T;
  text(value: string, path: JsonPath): T;
  list(value: readonly Json[], items: readonly T[]): T;
  map(value: JsonObject, entries: readonly (readonly [string, T])[]): T;
}

/** A compiled node: constant data, or a way to fill it. */
type Part = { readonly constant: unknown } | { readonly fill: Fill };

function fillOf(part: Part): Fill {
  return 'fill' in part ? part.fill : () => part.constant;
}

/**
 * Compiles any JSON value as a template. `$${{` stands for the characters `${{`.
 *
 * @throws expressions.template_unterminated, template_in_key, and what compiling an expression throws
 */
export function compileTemplate(value: Json): CompiledTemplate {
  const expressions: TemplateExpression[] = [];
  const reads = new Map<string, string[]>();
  const compileAt = (segment: Extract<Segment, { kind: 'expression' }>, path: JsonPath): CompiledExpression => {
    const compiled = compileExpression(segment.source);
    expressions.push({ source: segment.source, path, offset: segment.offset });
    for (const read of compiled.reads) reads.set(JSON.stringify(read), read);
    return compiled;
  };
  const part = walkTemplate<Part>(value, [], {
    constant: (constant) => ({ constant }),
    text: (text, path) => compileText(text, (segment) => compileAt(segment, path)),
    list: (list, items) => (items.some((item) => 'fill' in item) ? { fill: fillList(items) } : { constant: list }),
    map: (map, entries) =>
      entries.some(([, item]) => 'fill' in item) ? { fill: fillMap(entries) } : { constant: map },
  });
  const fill = fillOf(part);
  return {
    source: value,
    isConstant: expressions.length === 0,
    reads: [...reads.values()],
    expressions,
    evaluate: (scope, options = {}) => fill(scope, options),
  };
}

function compileText(
  text: string,
  compileAt: (segment: Extract<Segment, { kind: 'expression' }>) => CompiledExpression,
): Part {
  const segments = scanTemplate(text);
  const parts = segments.map((segment) => (segment.kind === 'text' ? segment.text : compileAt(segment)));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return { fill: () => only };
  if (parts.length === 1 && typeof only === 'object')
    return { fill: (scope, options) => only.evaluate(scope, options) };
  return {
    fill: (scope, options) => {
      const runtime = new Runtime(scope, options);
      let result = '';
      for (const one of parts) {
        result += typeof one === 'string' ? one : textOf(one.evaluate(scope, options), runtime);
        runtime.chargeText(result.length);
      }
      return result;
    },
  };
}

function fillList(items: readonly Part[]): Fill {
  const fills = items.map(fillOf);
  return (scope, options) => fills.map((fill) => fill(scope, options));
}

function fillMap(entries: readonly (readonly [string, Part])[]): Fill {
  const fills = entries.map(([key, part]) => [key, fillOf(part)] as const);
  return (scope, options) => {
    const result: Record<string, unknown> = {};
    for (const [key, fill] of fills) setOwn(result, key, fill(scope, options));
    return result;
  };
}
