import { type CST, Lexer, Parser } from 'yaml';

/** Bounds on documents. Far beyond any playbook that people can read, and small enough to parse without a stall. */
export const documentLimits = {
  /** UTF-16 units. */
  size: 256 * 1024,
  depth: 64,
  lexemes: 60_000,
  aliases: 50,
  /** Nodes after aliases were followed. */
  nodes: 30_000,
} as const;

/** The tokens of a text, or which bound it breaks and where. */
export type Tokens =
  | { readonly tokens: readonly CST.Token[] }
  | { readonly broken: 'depth' | 'lexemes'; readonly offset: number };

// One level of YAML nesting puts up to two tokens on the parser's stack.
const MAX_STACK = documentLimits.depth * 2;

/** Reads a text into tokens, stopping as soon as it nests too deep or has too many parts. */
export function tokenize(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  let documents = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    if (lexemes > documentLimits.lexemes) return { broken: 'lexemes', offset: parser.offset };
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'document') documents += 1;
    }
    // A second document is refused anyway.
    if (documents > 1) break;
    if (parser.stack.length > MAX_STACK) return { broken: 'depth', offset: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens };
}
