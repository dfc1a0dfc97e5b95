import { isCounterpointError } from '@counterpoint/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDxlMessage } from './decode.ts';
import { encodeDxlMessage } from './encode.ts';
import { type DxlMessage, dxlErrorCodes, emptyDxlFields } from './message.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', '__proto__', '\uFFFD', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(255), 'x'.repeat(256)),
);
const fields = {
  version: fc.constantFrom(0, 1, 2, 3),
  messageId: text,
  sourceClientId: text,
  sourceBrokerId: text,
  brokerIds: fc.array(text, { maxLength: 20 }),
  clientIds: fc.array(text, { maxLength: 3 }),
  payload: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(70_000).fill(7))),
  otherFields: fc.dictionary(text, text, { noNullPrototype: false }),
  sourceTenantGuid: text,
  destinationTenantGuids: fc.array(text, { maxLength: 3 }),
  sourceClientInstanceId: text,
};
const answer = { requestMessageId: text, serviceId: text };
const messages: fc.Arbitrary<DxlMessage> = fc.oneof(
  fc.record({ type: fc.constant('request' as const), ...fields, replyToTopic: text, serviceId: text }),
  fc.record({ type: fc.constant('response' as const), ...fields, ...answer }),
  fc.record({ type: fc.constant('event' as const), ...fields }),
  fc.record({
    type: fc.constant('error' as const),
    ...fields,
    ...answer,
    errorCode: fc.integer({ min: 0, max: 0xffff_ffff }),
    errorMessage: text,
  }),
);

/** What of a message its version carries, in a form that can be compared. */
function carried(message: DxlMessage) {
  const { version } = message;
  return {
    ...message,
    payload: Buffer.from(message.payload).toString('hex'),
    otherFields: version >= 1 ? Object.entries(message.otherFields) : [],
    sourceTenantGuid: version >= 2 ? message.sourceTenantGuid : '',
    destinationTenantGuids: version >= 2 ? message.destinationTenantGuids : [],
    sourceClientInstanceId: version >= 3 ? message.sourceClientInstanceId : '',
  };
}

function reasonFor(bytes: Uint8Array): string {
  try {
    decodeDxlMessage(bytes);
    return 'read';
  } catch (error) {
    expect(isCounterpointError(error, 'formats.dxl_message_malformed')).toBe(true);
    return (error as Error).message;
  }
}

describe('OpenDXL messages', () => {
  test('are read as they were written, in every version and type', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(carried(decodeDxlMessage(encodeDxlMessage(message)))).toEqual(carried(message));
      }),
    );
  });

  test('are read or refused with one named error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        reasonFor(bytes);
      }),
    );
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(255), (message, place, byte) => {
        const bytes = encodeDxlMessage(message);
        reasonFor(bytes.subarray(0, place % bytes.length));
        bytes[place % bytes.length] = byte;
        reasonFor(bytes);
      }),
    );
  });

  test('cut short are always refused', () => {
    const bytes = encodeDxlMessage({ type: 'event', ...emptyDxlFields, messageId: 'm', payload: Buffer.from('{}') });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(reasonFor(bytes.subarray(0, length))).toContain('it ends too early');
    }
  });

  test.each([
    ['04 02', 'its version is 4'],
    ['02 04', 'its message type is 4'],
    ['02 02 c3', 'messageId is not a string'],
    ['02 02 a0 a0 a0 81', 'brokerIds is not a list'],
    ['02 02 a0 a0 a0 dd ff ff ff ff', 'brokerIds has 4294967295 items'],
    ['02 02 db 00 10 00 00', 'messageId has 1048576 bytes'],
    ['02 02 a1 ff', 'messageId is not UTF-8'],
    ['01 02 a0 a0 a0 90 90 a0 91 a1 6b', 'otherFields has a key without a value'],
    ['00 02 a0 a0 a0 90 90 a0 00', 'something follows its last field'],
    ['00 03 a0 a0 a0 90 90 a0 a0 a0 cf ff ff ff ff ff ff ff ff a0', 'errorCode is not an integer'],
    ['00 03 a0 a0 a0 90 90 a0 a0 a0 cf 00 00 00 01 00 00 00 00 a0', 'its error code is 4294967296'],
  ])('refuses %s: %s', (hex, reason) => {
    expect(reasonFor(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toContain(reason);
  });

  test('refuses more than 1 MiB', () => {
    expect(reasonFor(Buffer.alloc(1_048_577))).toContain('it has 1048577 bytes, and 1048576 are allowed');
  });

  test('reads text and payload as any of the raw, string and binary items', () => {
    const event = (raw: string) => Buffer.from(`0002${raw}a0a09090${raw}`, 'hex');
    for (const raw of ['a161', 'd90161', 'da000161', 'db0000000161', 'c40161', 'c5000161', 'c60000000161']) {
      const message = decodeDxlMessage(event(raw));
      expect([message.messageId, Buffer.from(message.payload).toString()]).toEqual(['a', 'a']);
    }
    expect(decodeDxlMessage(event('c0')).messageId).toBe('');
  });

  test('never carry a str 8 or bin item', () => {
    const payload = Buffer.alloc(200, 1);
    const bytes = encodeDxlMessage({ type: 'event', ...emptyDxlFields, version: 0, payload });
    expect(bytes.toString('hex')).toBe(`0002a0a0a09090da00c8${payload.toString('hex')}`);
  });

  test('carry error codes as int32, as the original broker does', () => {
    const error = {
      type: 'error' as const,
      ...emptyDxlFields,
      version: 0,
      requestMessageId: '',
      serviceId: '',
      errorMessage: '',
    };
    const bytes = encodeDxlMessage({ ...error, errorCode: dxlErrorCodes.unavailable });
    expect(bytes.toString('hex')).toBe('0003a0a0a09090a0a0a0d280000001a0');
    expect(decodeDxlMessage(bytes)).toMatchObject({ errorCode: 0x8000_0001 });
    const unsigned = Buffer.from('0003a0a0a09090a0a0a0ce80000001a0', 'hex');
    expect(decodeDxlMessage(unsigned)).toMatchObject({ errorCode: 0x8000_0001 });
  });
});
