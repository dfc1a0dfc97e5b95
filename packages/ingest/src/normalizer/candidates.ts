import { isCounterpointError } from '@counterpoint/core';
import { compileExpression } from '@counterpoint/expressions';
import { type PathStep, parsePath, readPath } from '../path.ts';
import type { CandidatesDocument } from './document.ts';
import type { Complain } from './problems.ts';
import { textTemplate } from './text-template.ts';

/** One place that a value may come from. */
export interface Candidate {
  /** As people write it: `data.srcip`, `template …`, `expression …`, `value …`. */
  readonly label: string;
  readonly read: (item: unknown) => unknown;
  /** The places of an item that it looks at. */
  readonly reads: readonly (readonly PathStep[])[];
}

type Where = readonly (string | number)[];
const NOTHING = () => undefined;

/** Compiles the places of a value, in order. */
export function compileCandidates(
  document: CandidatesDocument,
  where: Where,
  complain: Complain,
): readonly Candidate[] {
  if (!Array.isArray(document)) return [compileCandidate(document, where, complain)];
  return document.map((one, index) => compileCandidate(one, [...where, index], complain));
}

function compileCandidate(
  document: Exclude<CandidatesDocument, readonly unknown[]>,
  where: Where,
  complain: Complain,
): Candidate {
  if (typeof document === 'string') return fromPath(document, where, complain);
  if ('path' in document) return fromPath(document.path, [...where, 'path'], complain);
  if ('value' in document) {
    return { label: `value ${document.value}`, read: () => document.value, reads: [] };
  }
  if ('template' in document) {
    const template = textTemplate(document.template);
    const label = `template ${document.template}`;
    if ('fill' in template) return { label, read: template.fill, reads: template.holes };
    complain([...where, 'template'], 'template', `The template cannot be used: ${template.problem}.`);
    return { label, read: NOTHING, reads: [] };
  }
  const { evaluate, reads } = compileReadingExpression(document.expression, [...where, 'expression'], complain);
  return { label: `expression ${document.expression}`, read: (item) => valueIn(evaluate(item)), reads };
}

function fromPath(text: string, where: Where, complain: Complain): Candidate {
  const steps = parsePath(text);
  if (steps === undefined) {
    complain(where, 'path', `"${text}" is not a path; write names joined by dots, [0], [*], or "quoted.names".`);
    return { label: text, read: NOTHING, reads: [] };
  }
  return { label: text, read: (item) => readPath(item, steps), reads: [steps] };
}

/** What an expression gave: a value, or why it could not be evaluated. */
export type ExpressionResult = { readonly value: unknown } | { readonly failed: string };

const valueIn = (result: ExpressionResult) => ('value' in result ? result.value : undefined);

/** Compiles CEL over `item`. Evaluating never throws. */
export function compileItemExpression(
  source: string,
  where: Where,
  complain: Complain,
): (item: unknown) => ExpressionResult {
  return compileReadingExpression(source, where, complain).evaluate;
}

/** As {@link compileItemExpression}, with the places that it looks at. */
function compileReadingExpression(source: string, where: Where, complain: Complain) {
  try {
    const compiled = compileExpression(source);
    const unknown = compiled.reads.find(([root]) => root !== 'item');
    if (unknown !== undefined) {
      complain(where, 'expression', `The expression reads "${unknown[0]}"; there is only "item".`);
    }
    const evaluate = (item: unknown): ExpressionResult => {
      try {
        return { value: compiled.evaluate({ item }) };
      } catch (error) {
        return { failed: error instanceof Error ? error.message : String(error) };
      }
    };
    return { evaluate, reads: compiled.reads.map(([, ...steps]): readonly PathStep[] => steps) };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    complain(where, 'expression', error.message);
    const evaluate = (): ExpressionResult => ({ failed: error.message });
    return { evaluate, reads: [] };
  }
}
