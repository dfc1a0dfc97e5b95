import { type Cursor, malformed, takeBytes, takeInteger, takeText, takeTexts } from './cursor.ts';
import { type DxlLimits, defaultDxlLimits } from './limits.ts';
import { type DxlFields, type DxlMessage, dxlMessageTypes } from './message.ts';

const LAST_VERSION = 3;

/**
 * Reads an OpenDXL message: msgpack items one after the other, without an array around them. Texts and the payload may be
 * any of fixstr, str 8/16/32 and bin 8/16/32, since clients differ. The payload shares the memory of `bytes`.
 *
 * @throws formats.dxl_message_malformed, whatever is wrong with it; nothing else
 */
export function decodeDxlMessage(bytes: Uint8Array, limits: DxlLimits = defaultDxlLimits): DxlMessage {
  if (bytes.length > limits.bytes) throw malformed(`it has ${bytes.length} bytes, and ${limits.bytes} are allowed`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor: Cursor = { bytes: buffer, limits, at: 0 };
  const version = takeInteger(cursor, 'the version');
  if (version < 0 || version > LAST_VERSION) throw malformed(`its version is ${version}`);
  const number = takeInteger(cursor, 'the message type');
  const type = dxlMessageTypes[number];
  if (!type) throw malformed(`its message type is ${number}`);
  const base = {
    version,
    messageId: takeText(cursor, 'messageId'),
    sourceClientId: takeText(cursor, 'sourceClientId'),
    sourceBrokerId: takeText(cursor, 'sourceBrokerId'),
    brokerIds: takeTexts(cursor, 'brokerIds'),
    clientIds: takeTexts(cursor, 'clientIds'),
    payload: takeBytes(cursor, 'payload'),
  };
  const own = takeOwn(cursor, type);
  const later = takeLater(cursor, version);
  if (cursor.at !== buffer.length) throw malformed('something follows its last field');
  return { ...base, ...later, ...own };
}

type Own = DxlMessage extends infer Message
  ? Message extends DxlMessage
    ? Omit<Message, keyof DxlFields>
    : never
  : never;

function takeOwn(cursor: Cursor, type: DxlMessage['type']): Own {
  if (type === 'event') return { type };
  if (type === 'request') {
    return { type, replyToTopic: takeText(cursor, 'replyToTopic'), serviceId: takeText(cursor, 'serviceId') };
  }
  const answer = {
    requestMessageId: takeText(cursor, 'requestMessageId'),
    serviceId: takeText(cursor, 'serviceId'),
  };
  if (type === 'response') return { type, ...answer };
  const code = takeInteger(cursor, 'errorCode');
  if (code < -0x8000_0000 || code > 0xffff_ffff) throw malformed(`its error code is ${code}`);
  return { type, ...answer, errorCode: code >>> 0, errorMessage: takeText(cursor, 'errorMessage') };
}

function takeLater(cursor: Cursor, version: number) {
  const otherFields = version >= 1 ? pairs(takeTexts(cursor, 'otherFields')) : {};
  const sourceTenantGuid = version >= 2 ? takeText(cursor, 'sourceTenantGuid') : '';
  const destinationTenantGuids = version >= 2 ? takeTexts(cursor, 'destinationTenantGuids') : [];
  const sourceClientInstanceId = version >= 3 ? takeText(cursor, 'sourceClientInstanceId') : '';
  return { otherFields, sourceTenantGuid, destinationTenantGuids, sourceClientInstanceId };
}

function pairs(flat: readonly string[]): Record<string, string> {
  if (flat.length % 2 !== 0) throw malformed('otherFields has a key without a value');
  // A field may have any name, `__proto__` too.
  const fields: Record<string, string> = Object.create(null);
  for (let index = 0; index < flat.length; index += 2) fields[flat[index] as string] = flat[index + 1] as string;
  return fields;
}
