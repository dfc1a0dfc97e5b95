import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBinary, fromStructured } from './cloud-events.ts';

const event = {
  specversion: '1.0',
  id: 'a-1',
  source: '/tool',
  type: 'verdict.file.v1',
  data: { verdict: 'malicious' },
};

describe('a CloudEvent in structured mode', () => {
  it('is published under its type, with its id, subject and cause', () => {
    expect(fromStructured({ ...event, subject: 's', cause: 'c', time: '2026-01-01T00:00:00Z' })).toEqual({
      topic: 'verdict.file.v1',
      id: 'a-1',
      subject: 's',
      cause: 'c',
      data: { verdict: 'malicious' },
    });
  });

  it('does not bring a trace, a hop or a publisher', () => {
    const forged = fromStructured({
      ...event,
      trace: 'f'.repeat(32),
      hop: 0,
      participant: 'server',
      principal: 'system',
    });
    expect(Object.keys(forged as object).sort()).toEqual(['data', 'id', 'topic']);
  });

  it('may come in a batch', () => expect(fromStructured([event, event])).toHaveLength(2));

  it.each([
    ['no object', 7],
    ['another version', { ...event, specversion: '0.3' }],
    ['no type', { ...event, type: undefined as never }],
    ['a number as its id', { ...event, id: 7 }],
    ['binary data', { ...event, data_base64: 'AA==' }],
  ])('is refused with %s', (_name, wrong) => {
    expect(() => fromStructured(wrong)).toThrowError(expect.objectContaining({ code: 'api.cloud_event_invalid' }));
  });

  property.prop([fc.jsonValue()])('is read or refused, whatever comes', (value) => {
    try {
      fromStructured(value as never);
    } catch (error) {
      expect(error).toMatchObject({ code: 'api.cloud_event_invalid' });
    }
  });
});

describe('a CloudEvent in binary mode', () => {
  const headers = {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': 'a-1',
    'ce-source': '/tool',
    'ce-type': 'verdict.file.v1',
    'ce-subject': 'caf%C3%A9%ZZ',
  };

  it('has its data as the body and the rest in headers', () => {
    expect(fromBinary({ ...headers, 'ce-subject': 'caf%C3%A9' }, [1])).toEqual({
      topic: 'verdict.file.v1',
      id: 'a-1',
      subject: 'café',
      data: [1],
    });
  });

  it('keeps a header that is not percent-encoded', () =>
    expect(fromBinary(headers, null)).toMatchObject({ subject: 'caf%C3%A9%ZZ' }));

  it('is none without its version', () =>
    expect(fromBinary({ 'content-type': 'application/json' }, {})).toBeUndefined());
});
