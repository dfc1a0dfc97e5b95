import { type Dialect, jsonText } from '../sql/dialect.ts';

// PostgreSQL has no NUL in text. Writing U+0000 and U+0001 as two characters each keeps every text, its order by bytes
// and its prefixes.
const NUL = '\u0000';
const ESCAPE = '\u0001';
const ESCAPED_NUL = '\u0001\u0001';
const ESCAPED_ESCAPE = '\u0001\u0002';

function escapeText(value: string): string {
  return value.toWellFormed().replaceAll(ESCAPE, ESCAPED_ESCAPE).replaceAll(NUL, ESCAPED_NUL);
}

function unescapeText(value: string): string {
  return value.includes(ESCAPE) ? value.replaceAll(ESCAPED_NUL, NUL).replaceAll(ESCAPED_ESCAPE, ESCAPE) : value;
}

/** PostgreSQL: text compared by its bytes (collation "C"), as SQLite does. */
export const postgresDialect: Dialect = {
  types: {
    text: 'TEXT COLLATE "C"',
    int: 'BIGINT',
    real: 'DOUBLE PRECISION',
    bool: 'BOOLEAN',
    blob: 'BYTEA',
    json: 'TEXT',
  },
  placeholder: (position) => `$${position}`,
  tableSuffix: () => '',
  bind(column, value) {
    if (column.kind === 'json') return jsonText(value);
    if (column.kind === 'text' && typeof value === 'string') return escapeText(value);
    return value;
  },
  read(column, value) {
    if (value === null) return null;
    if (column.kind === 'json') return JSON.parse(value as string);
    if (column.kind === 'text') return unescapeText(value as string);
    if (column.kind === 'blob') return Uint8Array.from(value as Buffer);
    return value;
  },
  jsonMember: (column, member) => `("${column}"::json ->> '${member}')`,
  position: (part, whole) => `strpos(${whole}, ${part})`,
  text: escapeText,
};
