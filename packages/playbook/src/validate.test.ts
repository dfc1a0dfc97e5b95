import { describe, expect, it } from 'vitest';
import { schemaProblem, validateValue } from './validate.ts';

describe('schemaProblem', () => {
  it('accepts the keywords of our own', () => {
    const fields = { who: { type: 'string', untrusted: true }, key: { secret: true }, query: { query: true } };
    expect(schemaProblem({ type: 'object', properties: fields })).toBeUndefined();
  });

  it.each([
    [{ type: 'strin' }, 'type'],
    [{ minimum: 'one' }, 'minimum'],
    [{ $ref: '#/nowhere' }, 'nowhere'],
    [{ pattern: '(?=x)' }, '(?='],
    [{ $async: true }, '$async'],
    [{ untrusted: 'yes' }, 'untrusted'],
  ])('says what is wrong with %j', (schema, part) => {
    expect(schemaProblem(schema)).toContain(part);
  });

  it('takes the same schema with an $id twice', () => {
    const schema = () => ({ $id: 'https://schemas.example/a', type: 'string' });
    expect([schemaProblem(schema()), schemaProblem(schema())]).toEqual([undefined, undefined]);
  });
});

describe('validateValue', () => {
  const schema = {
    type: 'object',
    properties: { list: { type: 'array', items: { enum: ['a', 'b'] } }, mail: { type: 'string', format: 'email' } },
    additionalProperties: false,
  };

  it('gives nothing for a value that matches', () => {
    expect(validateValue(schema, { list: ['a'], mail: 'ada@example.com' })).toEqual([]);
  });

  it('names every mismatch and where it is', () => {
    expect(validateValue(schema, { list: ['a', 'c'], mail: 'ada', more: 1 })).toEqual([
      { path: [], reason: 'it has the unknown field "more"' },
      { path: ['list', '1'], reason: 'list.1 must be one of "a", "b"' },
      { path: ['mail'], reason: 'mail must match format "email"' },
    ]);
  });

  it('matches patterns in linear time', () => {
    expect(validateValue({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
  });

  it('follows references, and refuses a schema that never ends', () => {
    expect(validateValue({ type: 'object', properties: { a: { $ref: '#' } } }, { a: { a: 1 } })).toHaveLength(1);
    expect(schemaProblem({ $ref: '#' }) ?? validateValue({ $ref: '#' }, 1)).not.toEqual([]);
    expect(schemaProblem({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } })).toBeDefined();
  });
});
