import type { JsonSchema } from '@counterpoint/connector-kit';
import { parseDocument } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { contradictions } from './partial-schema.ts';

function found(schema: JsonSchema, yaml: string): string[] {
  const { root } = parseDocument(yaml);
  if (!root) throw new Error('no document');
  return contradictions(schema, root).map((one) => (one.kind === 'field' ? `field ${one.field}` : one.reason));
}

describe('contradictions', () => {
  const pet: JsonSchema = {
    type: 'object',
    required: ['kind', 'name'],
    properties: {
      kind: { enum: ['cat', 'dog'] },
      name: { type: 'string' },
      ages: { type: 'array', items: { type: 'integer' }, minItems: 3 },
    },
  };

  it('ask for nothing that is missing', () => {
    expect(found(pet, '{ kind: cat, ages: [1] }')).toEqual([]);
  });

  it('are values of another type, at any depth', () => {
    expect(found(pet, '{ ages: [1, old] }')).toEqual(['ages.1 must be integer']);
    expect(found(pet, '{ kind: cow }')).toEqual(['kind must be one of "cat", "dog"']);
  });

  it('are fields that a schema with named fields does not know, unless it allows others', () => {
    expect(found(pet, '{ nmae: Tom }')).toEqual(['field nmae']);
    expect(found({ ...pet, additionalProperties: true }, '{ nmae: Tom }')).toEqual([]);
    expect(found({ ...pet, patternProperties: { '^x': {} } }, '{ x1: Tom }')).toEqual([]);
    expect(found({ type: 'object' }, '{ anything: 1 }')).toEqual([]);
  });

  it('leave open which alternative an incomplete value is', () => {
    const either: JsonSchema = {
      oneOf: [
        { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
        { type: 'object', required: ['b'], properties: { b: { type: 'string' } } },
      ],
    };
    expect(found(either, '{}')).toEqual([]);
    expect(found({ ...pet, not: { required: ['kind'] } }, '{ kind: cat }')).toEqual([]);
  });

  it('keep fields whose names are keywords', () => {
    const odd: JsonSchema = { type: 'object', properties: { required: { type: 'string' }, enum: { type: 'integer' } } };
    expect(found(odd, '{ required: 1, enum: x }')).toEqual(['required must be string', 'enum must be integer']);
  });
});
