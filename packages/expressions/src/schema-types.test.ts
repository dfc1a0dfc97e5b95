import { describe, expect, it } from 'vitest';
import { type JsonSchemaLike, typeFromJsonSchema } from './schema-types.ts';
import { describeType, isAssignable, isUntrusted, joinTypes, types } from './types.ts';

function described(schema: JsonSchemaLike): string {
  return describeType(typeFromJsonSchema(schema));
}

describe('typeFromJsonSchema', () => {
  it.each<[JsonSchemaLike, string]>([
    [true, 'dyn'],
    [{}, 'dyn'],
    [{ type: 'integer' }, 'int'],
    [{ type: 'number' }, 'double'],
    [{ type: ['string', 'null'] }, 'string'],
    [{ type: ['integer', 'number'] }, 'double'],
    [{ type: ['string', 'integer'] }, 'dyn'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string'],
    [{ enum: ['a', 'b'] }, 'string'],
    [{ const: 5 }, 'int'],
    [{ type: 'array' }, 'list(dyn)'],
    [{ type: 'array', items: { type: 'string' } }, 'list(string)'],
    [{ type: 'object' }, 'map(dyn)'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, 'map(int)'],
    [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, '{a: string}'],
    [{ type: 'object', properties: { a: { type: 'string' } } }, '{a?: string}'],
    [{ type: 'object', properties: { a: { type: 'string', default: '' } } }, '{a: string}'],
    [{ properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: true }, '{a: string, …}'],
    [
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { type: 'object', properties: { b: { type: 'integer' } } },
        ],
      },
      '{a: string, b?: int}',
    ],
    [{ $defs: { ip: { type: 'string' } }, type: 'array', items: { $ref: '#/$defs/ip' } }, 'list(string)'],
    [{ $ref: 'https://elsewhere.example/schema' }, 'dyn'],
  ])('reads %j as %s', (schema, expected) => {
    expect(described(schema)).toBe(expected);
  });

  it('ends recursive schemas in dyn', () => {
    const schema = {
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
      $ref: '#/$defs/node',
    };
    expect(described(schema)).toBe('{next?: {next?: object}}');
    expect(typeFromJsonSchema({ $ref: '#' })).toEqual(types.dyn);
  });

  it('keeps the marks of untrusted fields, deep ones too', () => {
    expect(isUntrusted(typeFromJsonSchema({ type: 'array', items: { type: 'string', untrusted: true } }))).toBe(true);
    expect(isUntrusted(typeFromJsonSchema({ type: 'string', 'x-untrusted': true }))).toBe(true);
    expect(isUntrusted(typeFromJsonSchema({ type: 'string', untrusted: false }))).toBe(false);
  });
});

describe('joinTypes', () => {
  it('makes a field optional that one side lacks', () => {
    const joined = joinTypes(
      types.object({ a: { type: types.int } }),
      types.object({ a: { type: types.double }, b: { type: types.string } }),
    );
    expect(describeType(joined)).toBe('{a: double, b?: string}');
  });
});

describe('isAssignable', () => {
  it.each([
    [types.int, types.double, true],
    [types.double, types.int, false],
    [types.dyn, types.int, true],
    [types.optional(types.int), types.int, false],
    [types.list(types.int), types.list(types.double), true],
    [types.list(types.string), types.list(types.int), false],
    [types.object({ a: { type: types.int } }), types.map(types.int), true],
    [
      types.object({ a: { type: types.int } }),
      types.object({ a: { type: types.int }, b: { type: types.int, optional: true } }),
      true,
    ],
    [types.object({}), types.object({ a: { type: types.int } }), false],
    [types.object({ a: { type: types.int, optional: true } }), types.object({ a: { type: types.int } }), false],
  ])('%j to %j: %s', (from, to, expected) => {
    expect(isAssignable(from, to)).toBe(expected);
  });
});
