import { isCounterpointError } from '@counterpoint/core';
import { scanTemplate } from '@counterpoint/expressions';
import { positionWithin } from '../document/expression-text.ts';
import type { DocumentNode, ScalarNode } from '../document/node.ts';
import { EXPRESSION_FIELDS } from '../document/slots.ts';
import type { Source } from '../document/source.ts';

/** A place of the text that names a step. */
export interface Reference {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** Whether the text there is just the name. */
  readonly clear: boolean;
}

/** Fields whose content is data, so that a field in it is no expression, whatever its name. */
const DATA: ReadonlySet<string> = new Set([
  'with',
  'set',
  'data',
  'yield',
  'carry',
  'outputs',
  'form',
  'schema',
  'inputs',
  'uses',
]);

/** Fields whose keys are names that the author chose. */
const NAMED: ReadonlySet<string> = new Set(['parallel', 'cases', 'any']);

/** Every place that names a step: in expressions, in `undo`, and in `covers`. */
export function referencesIn(root: DocumentNode, source: Source): readonly Reference[] {
  const found: Reference[] = [];
  visit(root, 'document', found, source);
  return found;
}

type Place = 'document' | 'data' | 'names';

function visit(node: DocumentNode, place: Place, found: Reference[], source: Source): void {
  if (node.kind === 'list') for (const item of node.items) visit(item, place, found, source);
  else if (node.kind === 'scalar') inTemplate(node, found, source);
  else {
    for (const { key, value } of node.entries) {
      if (place === 'document' && value.kind === 'scalar' && EXPRESSION_FIELDS.has(key)) {
        inExpression(value, value.text, 0, found, source);
      } else if (place === 'document' && key === 'undo' && value.kind === 'scalar') {
        add(value, 0, value.text, found, source);
      } else if (place === 'document' && key === 'covers' && value.kind === 'list') {
        for (const item of value.items) if (item.kind === 'scalar') add(item, 0, item.text, found, source);
      } else visit(value, inner(key, place), found, source);
    }
  }
}

function inner(key: string, place: Place): Place {
  if (place === 'data') return 'data';
  if (place === 'names') return 'document';
  return DATA.has(key) ? 'data' : NAMED.has(key) ? 'names' : 'document';
}

function inTemplate(node: ScalarNode, found: Reference[], source: Source): void {
  const text = typeof node.value === 'string' ? node.value : node.text;
  if (!text.includes('${{')) return;
  try {
    for (const segment of scanTemplate(text)) {
      if (segment.kind === 'expression') inExpression(node, segment.source, segment.offset, found, source);
    }
  } catch (error) {
    // An expression that never ends is a finding of its own.
    if (!isCounterpointError(error)) throw error;
  }
}

/** Longer ones are no expressions: the checker refuses them. */
const LONGEST = 10_000;

// A text that never ends takes the rest, so that each character is looked at once.
const TOKEN = /"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[A-Za-z_]\w*|\S/g;
const MEMBER = /^\s*\.\s*\??\s*([A-Za-z_]\w*)|^\s*\[\s*\??\s*["']([A-Za-z_]\w*)["']\s*\]/;

function inExpression(node: ScalarNode, expression: string, shift: number, found: Reference[], source: Source): void {
  if (expression.length > LONGEST) return;
  let before = '';
  for (const match of expression.matchAll(TOKEN)) {
    const [token] = match;
    if ((token === 'steps' || token === 'outcome') && before !== '.') {
      const rest = expression.slice(match.index + token.length);
      const member = MEMBER.exec(rest);
      const name = member?.[1] ?? member?.[2];
      if (member && name !== undefined) {
        add(node, shift + match.index + token.length + member[0].lastIndexOf(name), name, found, source);
      }
    }
    // `.?` reads a member as well.
    if (token !== '?') before = token;
  }
}

function add(node: ScalarNode, offset: number, name: string, found: Reference[], source: Source): void {
  const { from, to, line } = positionWithin(node, offset, name.length, source);
  found.push({ name, from, to, line, clear: source.text.slice(from, to) === name });
}
