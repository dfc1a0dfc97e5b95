import { describe, expect, it } from 'vitest';
import { fieldsOf } from './schema-fields.ts';

describe('the fields of a schema', () => {
  it('are listed with those inside, dotted', () => {
    const schema = {
      type: 'object',
      required: ['verdict'],
      properties: {
        verdict: { enum: ['malicious', 'benign'], description: 'What it is.' },
        hosts: {
          type: 'array',
          items: { type: 'object', properties: { ip: { type: 'string', format: 'ipv4', untrusted: true } } },
        },
      },
    };
    expect(fieldsOf(schema)).toEqual([
      {
        name: 'verdict',
        type: 'one of "malicious", "benign"',
        required: true,
        description: 'What it is.',
        untrusted: false,
      },
      { name: 'hosts', type: 'list of object', required: false, description: '', untrusted: false },
      { name: 'hosts[].ip', type: 'string (ipv4)', required: false, description: '', untrusted: true },
    ]);
  });

  it('are none where there is no schema, or one that says nothing of fields', () => {
    expect([fieldsOf(null), fieldsOf({}), fieldsOf({ type: 'string' }), fieldsOf([])]).toEqual([[], [], [], []]);
  });

  it('end somewhere', () => {
    const endless: Record<string, unknown> = { type: 'object' };
    endless.properties = { more: endless };
    expect(fieldsOf(endless as never).length).toBeLessThan(10);
  });
});
