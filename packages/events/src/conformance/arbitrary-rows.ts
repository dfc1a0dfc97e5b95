import fc from 'fast-check';

type AnyRow = Readonly<Record<string, unknown>>;

/** Texts that databases stumble over: NUL, the characters next to it, lone surrogates, quotes, wildcards. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '\u0001\u0002\u0000',
    '\ud800',
    '\udfff\ud800',
    '\'"\\',
    '%_*',
    '𝕏',
    '\uffff',
  ),
);

const int = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);

const json = fc.oneof(
  fc.jsonValue(),
  text,
  fc.dictionary(text, fc.array(text)),
  fc.constantFrom(null, { nested: { null: null, empty: [] } }, 2 ** 53),
);

const arbitraries: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text,
  int,
  real: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  bool: fc.boolean(),
  blob: fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(new Uint8Array())),
  json,
};

/** Rows of a table, from its column kinds. `rev` is positive; everything else may be anything of its kind. */
export function arbitraryRow(kinds: Readonly<Record<string, string>>): fc.Arbitrary<AnyRow> {
  const columns = Object.entries(kinds).map(([column, kind]) => {
    const arbitrary = arbitraries[kind.replace('?', '')];
    if (!arbitrary) throw new TypeError(`${column} has the unknown kind ${kind}`);
    return [column, kind.endsWith('?') ? fc.option(arbitrary) : arbitrary] as const;
  });
  // Keys are unique enough not to meet each other, and still odd.
  const key = fc.tuple(fc.uuid(), text).map(([uuid, tail]) => `${uuid}${tail}`);
  const shape = Object.fromEntries(
    columns.map(([column, arbitrary]) => [column, column === 'id' || column === 'trigger_key' ? key : arbitrary]),
  );
  return fc.record(shape);
}

/** What a store gives back for a row: well-formed text, and JSON as JSON keeps it. */
export function asStored(kinds: Readonly<Record<string, string>>, row: AnyRow): AnyRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (kinds[column] === 'json') return [column, JSON.parse(JSON.stringify(value))];
      return [column, typeof value === 'string' ? value.toWellFormed() : value];
    }),
  );
}
