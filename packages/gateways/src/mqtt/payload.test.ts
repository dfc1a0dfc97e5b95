import { isCounterpointError } from '@counterpoint/core';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { dataOf, publicationOf } from './payload.ts';

const bytes = (text: string) => Buffer.from(text);
const OWN = 'verdict.file.v1';

describe('a payload', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['21.5', 21.5],
    ['', null],
    ['open', 'open'],
  ])('%j on a foreign topic is %j', (text, expected) => expect(dataOf('mqtt.a', bytes(text))).toEqual(expected));

  it('that is no text is base64 on a foreign topic, and refused on one of ours', () => {
    expect(dataOf('mqtt.a', Buffer.from([0xff, 0]))).toEqual({ base64: '/wA=' });
    expect(() => dataOf(OWN, Buffer.from([0xff, 0]))).toThrowError(
      expect.objectContaining({ code: 'gateway.mqtt_payload_invalid' }),
    );
    expect(() => dataOf(OWN, bytes('open'))).toThrowError(expect.objectContaining({ code: 'core.json_invalid' }));
    expect(() => dataOf('mqtt.a', bytes('{"a":'))).toThrowError(expect.objectContaining({ code: 'core.json_invalid' }));
  });

  it('that is a CloudEvent brings its id, subject and cause, and no trace', () => {
    const event = { specversion: '1.0', id: 'i', source: '/x', type: OWN, subject: 's', cause: 'c', data: [1] };
    const sent = bytes(JSON.stringify({ ...event, trace: 'f', hop: 0, participant: 'server' }));
    expect(publicationOf(OWN, sent)).toEqual({ topic: OWN, id: 'i', subject: 's', cause: 'c', data: [1] });
    expect(() => publicationOf('verdict.ip.v1', sent)).toThrowError(
      expect.objectContaining({ code: 'gateway.mqtt_payload_invalid' }),
    );
  });

  property.prop([fc.uint8Array({ maxLength: 60 }), fc.constantFrom(OWN, 'mqtt.a')])(
    'is read or refused with a reason, whatever it is',
    (payload, topic) => {
      try {
        publicationOf(topic, payload);
      } catch (error) {
        expect(isCounterpointError(error)).toBe(true);
      }
    },
  );
});
