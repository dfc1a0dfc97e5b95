import { isForeignTopic, topicMatches } from '@counterpoint/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerOf, carryPayload, payloadOf } from './event-data.ts';
import { toDxlTopic, toFabricPattern, toFabricTopic } from './topics.ts';

describe('topics of OpenDXL', () => {
  test.each([
    ['/mcafee/event/tie/file/repchange/broadcast', 'dxl.mcafee.event.tie.file.repchange.broadcast'],
    ['/a b/é.x', 'dxl.a%20b.%C3%A9%2Ex'],
    ['no/slash', 'dxl.%.no.slash'],
    ['//a/', 'dxl.%00.a.%00'],
    ['/counterpoint/event/alert/created/v1', 'alert.created.v1'],
  ])('%s is %s', (dxl, fabric) => {
    expect(toFabricTopic(dxl)).toBe(fabric);
    expect(toDxlTopic(fabric)).toBe(dxl);
  });

  test('have none where the fabric has none', () => {
    expect(toFabricTopic('/counterpoint/event/alert.created/v1')).toBeUndefined();
    expect(toFabricTopic('/counterpoint/event/Alert')).toBeUndefined();
    expect(toFabricTopic(`/${'x'.repeat(900)}`)).toBeUndefined();
    expect(toDxlTopic('mqtt.a.b')).toBeUndefined();
  });

  test('come back as they were, whatever the words, and no two share a name', () => {
    const topics = fc
      .array(fc.string({ unit: 'grapheme', maxLength: 6 }), { minLength: 1, maxLength: 5 })
      .map((words) => words.join('/'))
      .filter((topic) => topic.isWellFormed() && topic !== '' && !/[+#\0]|^\/counterpoint\/event\//.test(topic));
    fc.assert(
      fc.property(topics, (topic) => {
        const name = toFabricTopic(topic);
        fc.pre(name !== undefined);
        expect(isForeignTopic(name as string)).toBe(true);
        expect(toDxlTopic(name as string)).toBe(topic);
      }),
    );
  });

  test.each([
    ['dxl.counterpoint.event.alert.created.v1', 'would speak for a topic of ours'],
    ['dxl.counterpoint%2Fevent%2Falert%2Fcreated%2Fv1', 'would, in another way of writing it'],
    ['dxl.mcafee.event.dxl.svcregistry.register', 'would speak for the broker'],
    ['dxl.mcafee.service.dxl.svcregistry.register', 'would ask the broker'],
    ['dxl.mcafee.client.0a1b', 'would answer somebody'],
    ['dxl.a.%2B', 'is a wildcard to MQTT'],
    ['dxl.a.b%23', 'is a wildcard to MQTT'],
    ['dxl.a.b%00c', 'is no text to MQTT'],
    ['dxl.a.%FF', 'is no UTF-8'],
    ['dxl.a.%zz', 'is not encoded'],
    ['dxl.%', 'is empty'],
  ])('%s reaches no OpenDXL client: it %s', (topic) => {
    expect(isForeignTopic(topic)).toBe(true);
    expect(toDxlTopic(topic)).toBeUndefined();
  });

  test('filters reach as far as their pattern', () => {
    expect([toFabricPattern('#'), toFabricPattern('/#'), toFabricPattern('/a/+/c'), toFabricPattern('a/#')]).toEqual([
      'dxl.>',
      'dxl.>',
      'dxl.a.*.c',
      'dxl.%.a.>',
    ]);
    expect(topicMatches(toFabricPattern('/a b/#'), toFabricTopic('/a b/c') ?? '')).toBe(true);
  });
});

describe('payload of an OpenDXL message', () => {
  test('comes back byte for byte', () => {
    const payloads = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value, null, 1))),
    );
    fc.assert(
      fc.property(payloads, (bytes) => {
        const stored = JSON.parse(JSON.stringify(carryPayload(bytes)));
        expect(payloadOf(stored).equals(bytes)).toBe(true);
      }),
    );
  });

  test('is readable where it is JSON, with spaces or a NUL at its end too', () => {
    expect(carryPayload(Buffer.from('{"a":1}'))).toEqual({ payload: { a: 1 }, encoding: 'json' });
    expect(carryPayload(Buffer.from('{"a": 1}\0'))).toEqual({ payload: { a: 1 }, encoding: 'json', raw: '{"a": 1}\0' });
    expect(carryPayload(Buffer.from('hello'))).toEqual({ payload: 'hello', encoding: 'text' });
    expect(carryPayload(Buffer.from([0xff]))).toEqual({ payload: '/w==', encoding: 'base64' });
    expect(carryPayload(Buffer.from('['.repeat(100)))).toMatchObject({ encoding: 'text' });
  });

  test('of an event that did not come over OpenDXL is its JSON', () => {
    expect(payloadOf({ payload: 1 }).toString()).toBe('{"payload":1}');
    expect(payloadOf(['x']).toString()).toBe('["x"]');
  });

  test('is the answer of a service where it is JSON, and nothing where it is empty', () => {
    expect(answerOf(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
    expect(answerOf(Buffer.alloc(0))).toBeNull();
    expect(answerOf(Buffer.from('ok'))).toEqual({ payload: 'ok', encoding: 'text' });
  });
});
