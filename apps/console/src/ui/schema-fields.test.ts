import { describe, expect, it } from 'vitest';
import {
  fieldsOf,
  fromLocalMoment,
  labelOf,
  problemsOf,
  sentOf,
  shownAtFirst,
  toLocalMoment,
} from './schema-fields.ts';

const schema = {
  type: 'object',
  required: ['base_url', 'token'],
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
    base_url: { type: 'string', format: 'uri', description: 'Where it is' },
    token: { type: 'string', secret: true, minLength: 8 },
    level: { enum: ['low', 'high'] },
    tags: { type: 'array', items: { type: 'string' } },
    verify: { type: 'boolean' },
    extra: { type: ['object', 'null'] },
    note: { type: 'string', maxLength: 2000 },
  },
};
const fields = fieldsOf(schema);

describe('the fields of a schema', () => {
  it('are entered as what they are, the needed ones first', () => {
    expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'base_url text',
      'token text',
      'limit integer',
      'level choice',
      'tags list',
      'verify switch',
      'extra json',
      'note long',
    ]);
    expect(fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['token']);
  });

  it('are named as people read', () => {
    expect(labelOf('base_url')).toBe('Base URL');
    expect(labelOf('src_ip')).toBe('Src IP');
  });

  it('of what is no schema are none', () => {
    for (const odd of [{}, { properties: [] }, { properties: { a: 7 } }]) expect(fieldsOf(odd)).toEqual([]);
  });
});

describe('what was entered', () => {
  const fine = { base_url: 'https://x.example', token: 'long enough' };

  it('is fine when everything needed is there', () => {
    expect(problemsOf(fields, fine)).toEqual({});
  });

  it.each([
    [{ ...fine, base_url: '' }, 'base_url'],
    [{ ...fine, base_url: 'x.example' }, 'base_url'],
    [{ ...fine, base_url: 'ftp://x.example' }, 'base_url'],
    [{ ...fine, base_url: 'https://ada:pw@x.example' }, 'base_url'],
    [{ ...fine, token: 'short' }, 'token'],
    [{ ...fine, limit: 10 }, 'limit'],
    [{ ...fine, limit: 1.5 }, 'limit'],
    [{ ...fine, extra: '{' }, 'extra'],
  ])('%j has a problem', (values, name) => {
    expect(Object.keys(problemsOf(fields, values))).toEqual([name]);
  });

  it('is sent without blanks, and with its JSON read', () => {
    expect(sentOf(fields, { ...fine, limit: undefined, tags: [], note: '', extra: '{"a":1}', verify: false })).toEqual({
      ...fine,
      extra: { a: 1 },
      verify: false,
    });
  });

  it('begins with what is there, else with defaults, and never with a secret', () => {
    expect(shownAtFirst(fields, { base_url: 'https://a', token: 'x', extra: { b: 2 } })).toEqual({
      base_url: 'https://a',
      limit: 3,
      extra: '{\n  "b": 2\n}',
    });
  });
});

describe('moments', () => {
  it('go to the minute through a field for local time and back', () => {
    const moment = '2026-03-11T08:21:00.000Z';
    expect(fromLocalMoment(toLocalMoment(moment))).toBe(moment);
    expect(toLocalMoment('no moment')).toBe('');
    expect(fromLocalMoment('')).toBeUndefined();
  });
});
