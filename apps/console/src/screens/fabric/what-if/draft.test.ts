import { describe, expect, it } from 'vitest';
import { draftOf, isLarge, readData, typed } from './draft.ts';

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

  it('lays out no data that is too large for it, and takes none that no event may have', () => {
    const list = [...Array(20_000).keys()];
    const { data } = draftOf({ topic: 'a.v1', data: { list } });
    expect(isLarge(data)).toBe(true);
    expect(data).not.toContain('\n');
    expect(readData(data)).toEqual({ data: { list }, problem: undefined });
    expect(readData(JSON.stringify('x'.repeat(1024 * 1024))).problem).toContain('1 MiB');
  });

  it('takes a whole event apart that was pasted as data', () => {
    const envelope = { specversion: '1.0', id: 'e', type: 'verdict.ip.v1', participant: 'sandbox', data: { ip: '1' } };
    expect(typed(JSON.stringify(envelope))).toEqual({
      topic: 'verdict.ip.v1',
      participant: 'sandbox',
      data: '{\n  "ip": "1"\n}',
    });
    expect(typed('{"topic":"a.v1","participant":"server","data":null}')).toMatchObject({ topic: 'a.v1', data: 'null' });
  });

  it('leaves what is data as it was typed', () => {
    for (const text of ['{ "type": "a.v1" }', '{ "data": 1 ', '[1]', '{"topic":"a","data":{}}'])
      expect(typed(text)).toEqual({ data: text });
  });
});
