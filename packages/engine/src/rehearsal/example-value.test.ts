import type { JsonSchema } from '@counterpoint/connector-kit';
import { validateValue } from '@counterpoint/playbook';
import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { exampleOf } from './example-value.ts';

const text: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: fc.nat(20) }),
  fc.record({
    type: fc.constant('string'),
    format: fc.constantFrom('ipv4', 'ipv6', 'date-time', 'email', 'uri', 'uuid'),
  }),
  fc.record({ enum: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }),
);
const number: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.record({ type: fc.constantFrom('integer', 'number'), minimum: fc.integer({ min: -50, max: 50 }) }),
  fc.record({ type: fc.constant('integer'), minimum: fc.constant(3), maximum: fc.integer({ min: 3, max: 9 }) }),
  fc.record({ type: fc.constant('integer'), exclusiveMinimum: fc.nat(9) }),
);
const { schema } = fc.letrec<{ schema: JsonSchema; object: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number,
    fc.constant({ type: ['boolean', 'null'] }),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    tie('object'),
  ),
  object: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 }).map(
    (properties): JsonSchema => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    }),
  ),
}));

describe('exampleOf', () => {
  it('gives a value that the schema allows, and the same one each time', () => {
    fc.assert(
      fc.property(schema, (one) => {
        const value = exampleOf(one);
        expect(validateValue(one, value)).toEqual([]);
        expect(exampleOf(one)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('takes over what was asked where the answer names it too', () => {
    const output = {
      type: 'object',
      properties: { ip: { type: 'string' }, count: { type: 'integer' }, id: { type: 'string' } },
    };
    expect(exampleOf(output, { ip: '203.0.113.7', count: 'many' })).toEqual({
      ip: '203.0.113.7',
      count: 0,
      id: 'example-id',
    });
  });

  it('follows references and comes to an end where a schema refers to itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    };
    expect(JSON.stringify(exampleOf(tree)).length).toBeLessThan(500);
  });
});
