import { createRequire } from 'node:module';
import { type DxlMessage, decodeDxlMessage, emptyDxlFields, encodeDxlMessage } from '@counterpoint/formats';
import { describe, expect, test } from 'vitest';

const require = createRequire(import.meta.url);

const fields = {
  ...emptyDxlFields,
  messageId: 'm1',
  sourceClientId: 'a'.repeat(40),
  clientIds: ['c1', 'c2'],
  otherFields: { 'dxl.certs': 'x'.repeat(1_500) },
};
const answer = { requestMessageId: 'm0', serviceId: '{s}' };
const bodies: readonly DxlMessage[] = [
  { type: 'event', ...fields },
  { type: 'request', ...fields, replyToTopic: '/mcafee/client/x', serviceId: '{s}' },
  { type: 'response', ...fields, ...answer },
  { type: 'error', ...fields, ...answer, errorCode: 0x8000_0001, errorMessage: 'unable to locate service for request' },
];

describe('the published OpenDXL client', () => {
  const decode = require('@opendxl/dxl-client/lib/decode-message');
  const Request = require('@opendxl/dxl-client/lib/request');

  test('reads what is written here, in every type, version and size of payload', () => {
    for (const body of bodies) {
      for (const version of [0, 1, 2, 3]) {
        for (const size of [0, 31, 32, 255, 256, 65_535, 65_536]) {
          const message: DxlMessage = { ...body, version, payload: Buffer.alloc(size, size) };
          const theirs = decode(encodeDxlMessage(message));
          expect(theirs.messageId).toBe('m1');
          expect(Buffer.from(theirs.payload).equals(message.payload)).toBe(true);
          expect(theirs.clientIds).toEqual(['c1', 'c2']);
          if (version > 0) expect(theirs.otherFields).toEqual(fields.otherFields);
          if (message.type !== 'event') expect(theirs.serviceId).toBe('{s}');
          if (message.type === 'error') expect(theirs.errorCode >>> 0).toBe(0x8000_0001);
        }
      }
    }
  });

  test('is read here', () => {
    const request = new Request('/topic');
    Object.assign(request, { payload: 'x'.repeat(300), otherFields: { a: '1' }, clientIds: ['c'], replyToTopic: '/r' });
    const read = decodeDxlMessage(request._toBytes());
    expect(read).toMatchObject({ type: 'request', version: 2, messageId: request.messageId, clientIds: ['c'] });
    expect(read).toMatchObject({ otherFields: { a: '1' }, replyToTopic: '/r' });
  });
});
