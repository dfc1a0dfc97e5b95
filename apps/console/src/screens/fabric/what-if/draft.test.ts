import { describe, expect, it } from 'vitest';
import { draftOf, readData } from './draft.ts';

describe('the form', () => {
  it('begins with an event, and keeps the publisher where none is known', () => {
    const event = { topic: 'verdict.ip.v1', participant: 'sandbox', data: { ip: '203.0.113.7' } };
    expect(draftOf(event)).toEqual({
      topic: 'verdict.ip.v1',
      participant: 'sandbox',
      data: '{\n  "ip": "203.0.113.7"\n}',
    });
    expect(draftOf({ topic: 'a.v1', data: {} })).not.toHaveProperty('participant');
    expect(readData(draftOf(event).data).data).toEqual(event.data);
  });

  it('says when the data is no JSON', () => {
    expect(readData('{ "ip": ').problem).toBeDefined();
    expect(readData('null')).toEqual({ data: null, problem: undefined });
  });
});
