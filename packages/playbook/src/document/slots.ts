/** Fields whose text is bare CEL, without `${{ }}`. */
export const EXPRESSION_FIELDS: ReadonlySet<string> = new Set([
  'if',
  'when',
  'while',
  'until',
  'match',
  'foreach',
  'switch',
  'key',
  'exclude',
  'recheck',
]);

/** The text that an author wrote as one expression, whatever YAML makes of it. */
export interface ExpressionSlot {
  readonly field: string;
  /** Offsets of the raw text. */
  readonly from: number;
  readonly to: number;
  readonly raw: string;
}

const FIELD = /(?:^|[\s{,])([A-Za-z_]\w*):[ \t]+/g;
const OPENING = '([{';
const CLOSING = ')]}';

/**
 * Finds the expression around `offset` by looking at its line alone: the last field before it that holds an expression
 * (by its name, or because `${{` follows). Undefined when there is none.
 */
export function slotAt(text: string, offset: number): ExpressionSlot | undefined {
  const lineStart = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const newline = text.indexOf('\n', offset);
  const lineEnd = newline === -1 ? text.length : newline;
  const line = text.slice(lineStart, Math.min(lineEnd, lineStart + 2_000));
  let found: { field: string; from: number } | undefined;
  for (const match of line.matchAll(FIELD)) {
    const from = match.index + match[0].length;
    if (lineStart + match.index > offset) break;
    const field = match[1] as string;
    const rest = line.slice(from);
    if (EXPRESSION_FIELDS.has(field) || rest.startsWith('${{')) found = { field, from };
  }
  if (!found) return undefined;
  const inFlow = nesting(line.slice(0, found.from)) > 0;
  const to = endOfExpression(line, found.from, inFlow);
  const raw = line.slice(found.from, to).trimEnd();
  if (raw === '') return undefined;
  const from = lineStart + found.from;
  return { field: found.field, from, to: from + raw.length, raw };
}

function nesting(text: string): number {
  let depth = 0;
  for (const char of text) {
    if (OPENING.includes(char)) depth += 1;
    else if (CLOSING.includes(char)) depth -= 1;
  }
  return depth;
}

/** Where an expression ends: at the end of the line or a comment; inside a flow map also at its comma or brace. */
function endOfExpression(line: string, from: number, inFlow: boolean): number {
  let depth = 0;
  let quote = '';
  for (let at = from; at < line.length; at++) {
    const char = line[at] as string;
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (OPENING.includes(char)) depth += 1;
    else if (CLOSING.includes(char)) {
      if (inFlow && depth === 0) return at;
      depth -= 1;
    } else if (inFlow && depth === 0 && char === ',') return at;
    else if (char === '#' && (line[at - 1] === ' ' || line[at - 1] === '\t')) return at;
  }
  return line.length;
}

/** The field with its expression in single quotes, as YAML wants it. */
export function quoted(slot: ExpressionSlot): string {
  return `${slot.field}: '${slot.raw.replaceAll("'", "''")}'`;
}

/** Whether brackets and quotes of an expression pair up; a cut expression mostly does not. */
export function isBalanced(expression: string): boolean {
  const stack: string[] = [];
  let quote = '';
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at] as string;
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (OPENING.includes(char)) stack.push(CLOSING[OPENING.indexOf(char)] as string);
    else if (CLOSING.includes(char) && stack.pop() !== char) return false;
  }
  return stack.length === 0 && quote === '';
}
