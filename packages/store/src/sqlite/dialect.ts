import { type Dialect, jsonText } from '../sql/dialect.ts';

/** SQLite: STRICT tables, booleans as 0 and 1, text compared by its bytes. */
export const sqliteDialect: Dialect = {
  types: { text: 'TEXT', int: 'INTEGER', real: 'REAL', bool: 'INTEGER', blob: 'BLOB', json: 'TEXT' },
  placeholder: () => '?',
  tableSuffix: (clustered) => (clustered ? ' STRICT, WITHOUT ROWID' : ' STRICT'),
  bind(column, value) {
    if (column.kind === 'json') return jsonText(value);
    if (typeof value === 'boolean') return value ? 1 : 0;
    return value;
  },
  read(column, value) {
    if (value === null) return null;
    if (column.kind === 'json') return JSON.parse(value as string);
    if (column.kind === 'bool') return value === 1;
    if (column.kind === 'blob') return plainBytes(value as Buffer);
    return value;
  },
  position: (part, whole) => `instr(${whole}, ${part})`,
  jsonMember: (column, member) => `json_extract("${column}", '$.${member}')`,
  text: (value) => value.toWellFormed(),
};

function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
