const OPENING = '([{';
const CLOSING = ')]}';

/** Calls `visit` for every character that stands outside quotes and brackets; it returns how many to skip. */
function eachTopLevel(text: string, visit: (at: number) => number): void {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (OPENING.includes(char)) depth += 1;
    else if (CLOSING.includes(char)) depth -= 1;
    else if (depth === 0) at += visit(at);
  }
}

function splitTop(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  eachTopLevel(text, (at) => {
    if (!text.startsWith(operator, at)) return 0;
    parts.push(text.slice(start, at));
    start = at + operator.length;
    return operator.length - 1;
  });
  return [...parts, text.slice(start)].map((part) => part.trim());
}

function withoutParentheses(text: string): string {
  let result = text.trim();
  for (;;) {
    if (!result.startsWith('(') || !result.endsWith(')')) return result;
    let depth = 0;
    const closes = [...result].findIndex((char) => {
      depth += char === '(' ? 1 : char === ')' ? -1 : 0;
      return depth === 0;
    });
    if (closes !== result.length - 1) return result;
    result = result.slice(1, -1).trim();
  }
}

/** The conditions that must each hold when `condition` holds. */
export function conjuncts(condition: string): readonly string[] {
  const text = withoutParentheses(condition);
  if (splitTop(text, '||').length > 1 || hasTopLevel(text, '?')) return [text];
  const parts = splitTop(text, '&&');
  return parts.length === 1 ? parts : parts.flatMap(conjuncts);
}

/** The conditions that must each hold when `condition` does not. */
export function conjunctsOfNegation(condition: string): readonly string[] {
  const text = withoutParentheses(condition);
  const parts = splitTop(text, '||');
  if (parts.length > 1) return parts.flatMap(conjunctsOfNegation);
  if (!text.startsWith('!') || text.startsWith('!=')) return [];
  const rest = text.slice(1).trim();
  // `!a && b` and `!a == b` negate less than the whole.
  if (/^[\w.?]+$/.test(rest) || withoutParentheses(rest) !== rest) return conjuncts(rest);
  return [];
}

function hasTopLevel(text: string, char: string): boolean {
  let found = false;
  eachTopLevel(text, (at) => {
    // `.?` and `[?` are optional access.
    if (text[at] === char && text[at - 1] !== '.') found = true;
    return 0;
  });
  return found;
}

/** The two sides of a membership or equality test (`value in list`, `value == other`), without spaces. */
export function comparison(fact: string): { readonly value: string; readonly other: string } | undefined {
  let found: { value: string; other: string } | undefined;
  let operators = 0;
  eachTopLevel(fact, (at) => {
    const operator = ['==', ' in '].find((one) => fact.startsWith(one, at));
    const other = /^(?:[<>&|?]|!=)/.test(fact.slice(at, at + 2)) && fact[at - 1] !== '.';
    if (other) operators += 1;
    if (!operator) return 0;
    operators += 1;
    found = { value: compact(fact.slice(0, at)), other: fact.slice(at + operator.length).trim() };
    return operator.length - 1;
  });
  return operators === 1 ? found : undefined;
}

/** A text without white space, for comparing expressions. */
export function compact(text: string): string {
  return text.replace(/\s+/g, '');
}
