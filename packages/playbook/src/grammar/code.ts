import { isCounterpointError } from '@counterpoint/core';
import {
  type CompiledExpression,
  type CompiledTemplate,
  compileExpression,
  compileTemplate,
} from '@counterpoint/expressions';
import { positionWithin } from '../document/expression-text.ts';
import { type DocumentNode, describeNode, toJson } from '../document/node.ts';
import { isBalanced, quoted, slotAt } from '../document/slots.ts';
import type { Part, Reading } from './context.ts';
import { child, requireField } from './fields.ts';

const NOTHING = compileExpression('null');
const NO_TEMPLATE = compileTemplate(null);

/** The text of an expression field: what YAML read, or undefined when that is not an expression. */
export function expressionText(node: DocumentNode): string | undefined {
  return node.kind === 'scalar' && node.style !== 'empty' ? node.text.trim() : undefined;
}

/** An optional field that holds bare CEL. What cannot be compiled is reported, and stands in as `null`. */
export function expression(part: Part, field: string, reading: Reading): CompiledExpression | undefined {
  const node = child(part, field);
  return node && asExpression(node, field, reading);
}

/** A field that must hold bare CEL. */
export function requiredExpression(part: Part, field: string, reading: Reading): CompiledExpression {
  const node = requireField(part, field, reading);
  return node ? asExpression(node, field, reading) : NOTHING;
}

/** A node that must be bare CEL. */
function asExpression(node: DocumentNode, field: string, reading: Reading): CompiledExpression {
  const compiled = compiledFrom(node, field, reading);
  if (!compiled) reading.origins.unusable.add(node);
  return compiled ?? NOTHING;
}

function compiledFrom(node: DocumentNode, field: string, reading: Reading): CompiledExpression | undefined {
  const { report, source } = reading;
  const text = expressionText(node);
  if (node.shared) report.add('shared_expression', node.position, {});
  if (text === undefined || text === '') {
    if (!reportCut(node, reading)) reportNoExpression(node, field, reading);
    return undefined;
  }
  if (text.startsWith('${{')) {
    report.add('template_in_expression', node.position, { field }, text.replace(/^\$\{\{\s*|\s*\}\}$/g, ''));
    return undefined;
  }
  if (!isBalanced(text) && reportCut(node, reading)) return undefined;
  try {
    return compileExpression(text);
  } catch (error) {
    const shift = node.kind === 'scalar' ? Math.max(0, node.text.indexOf(text)) : 0;
    reportFailure(error, (offset, length) => positionWithin(node, offset + shift, length, source), reading);
    return undefined;
  }
}

function reportNoExpression(node: DocumentNode, field: string, reading: Reading): void {
  if (node.kind === 'scalar') reading.report.add('empty_expression', node.position, { field });
  else {
    const params = { field, expected: 'an expression', actual: describeNode(node) };
    reading.report.add('wrong_type', node.position, params);
  }
}

/** Reports an expression that YAML cut short, by comparing with the raw text of the line. */
function reportCut(node: DocumentNode, reading: Reading): boolean {
  const { source, report } = reading;
  if (node.kind === 'scalar' && node.style !== 'plain') return false;
  const slot = slotAt(source.text, node.position.from);
  const { from, to } = node.position;
  if (!slot || slot.raw === source.text.slice(from, to)) return false;
  const byComment = /^\s+#/.test(source.text.slice(to, slot.to));
  const cut = byComment ? '" #" begins a comment' : 'a comma or bracket ends the text there';
  const reason = node.kind === 'scalar' ? cut : `it became ${describeNode(node)}`;
  report.add('quote_expression', source.position(slot.from, slot.to), { reason }, quoted(slot));
  return true;
}

/** An optional template: any JSON whose texts may hold `${{ }}`. */
export function template(part: Part, field: string, reading: Reading): CompiledTemplate | undefined {
  const node = child(part, field);
  return node && asTemplate(node, reading);
}

/** A template that must be there. */
export function requiredTemplate(part: Part, field: string, reading: Reading): CompiledTemplate {
  const node = requireField(part, field, reading);
  return node ? asTemplate(node, reading) : NO_TEMPLATE;
}

/** A node as a template. What cannot be compiled is reported, and stands in as a constant `null`. */
export function asTemplate(node: DocumentNode, reading: Reading): CompiledTemplate {
  reportShared(node, reading);
  try {
    return compileTemplate(toJson(node));
  } catch {
    // One by one, so that each text that fails is reported, at its place.
    eachText(node, (leaf) => {
      try {
        compileTemplate(toJson(leaf));
      } catch (error) {
        reading.origins.unusable.add(leaf);
        reportFailure(error, (offset, length) => templatePlace(leaf, error, offset, length, reading), reading);
      }
    });
    if (!reading.report.failed)
      reading.report.add('wrong_type', node.position, {
        field: 'this',
        expected: 'a template',
        actual: describeNode(node),
      });
    return NO_TEMPLATE;
  }
}

/** Errors of expressions in templates count from the beginning of the expression; find that in the text. */
function templatePlace(leaf: DocumentNode, error: unknown, offset: number, length: number, reading: Reading) {
  const inner = isCounterpointError(error) ? error.details.source : undefined;
  const start = leaf.kind === 'scalar' && typeof inner === 'string' ? leaf.text.indexOf(inner) : 0;
  return positionWithin(leaf, Math.max(0, start) + offset, length, reading.source);
}

function reportShared(node: DocumentNode, reading: Reading): void {
  eachText(node, (leaf) => {
    if (leaf.shared && leaf.kind === 'scalar' && leaf.text.includes('${{')) {
      reading.report.add('shared_expression', leaf.position, {});
    }
  });
}

function eachText(node: DocumentNode, visit: (leaf: DocumentNode) => void): void {
  if (node.kind === 'scalar') visit(node);
  else if (node.kind === 'list') for (const item of node.items) eachText(item, visit);
  else for (const entry of node.entries) eachText(entry.value, visit);
}

function reportFailure(
  error: unknown,
  place: (offset: number, length: number) => ReturnType<typeof positionWithin>,
  reading: Reading,
): void {
  if (!isCounterpointError(error)) throw error;
  const {
    offset = 0,
    length = 0,
    suggestion,
  } = error.details as {
    offset?: number;
    length?: number;
    suggestion?: string;
  };
  const position = place(offset, length);
  reading.report.put({ code: error.code, severity: 'error', message: error.message, suggestion, position });
}
