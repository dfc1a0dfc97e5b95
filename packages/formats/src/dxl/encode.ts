import { type DxlMessage, dxlMessageTypes } from './message.ts';

/** Where a message is written before it is copied out; it grows to the largest message, and stays. */
let scratch = Buffer.allocUnsafeSlow(16_384);
let at = 0;

/** Most bytes that a header takes. */
const HEADER = 5;
/** Most bytes that one UTF-16 code unit takes in UTF-8. */
const WIDEST = 3;

/**
 * Writes an OpenDXL message. Texts and the payload are raw items of the old msgpack specification (fixstr, str 16, str 32
 * and no others), which are what every published client reads.
 */
export function encodeDxlMessage(message: DxlMessage): Buffer {
  const { version } = message;
  at = 0;
  putInteger(version);
  putInteger(dxlMessageTypes.indexOf(message.type));
  putText(message.messageId);
  putText(message.sourceClientId);
  putText(message.sourceBrokerId);
  putTexts(message.brokerIds);
  putTexts(message.clientIds);
  putBytes(message.payload);
  putOwn(message);
  if (version >= 1) putFields(message.otherFields);
  if (version >= 2) {
    putText(message.sourceTenantGuid);
    putTexts(message.destinationTenantGuids);
  }
  if (version >= 3) putText(message.sourceClientInstanceId);
  return Buffer.from(scratch.subarray(0, at));
}

function putOwn(message: DxlMessage): void {
  if (message.type === 'event') return;
  putText(message.type === 'request' ? message.replyToTopic : message.requestMessageId);
  putText(message.serviceId);
  if (message.type !== 'error') return;
  putInteger(message.errorCode | 0);
  putText(message.errorMessage);
}

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function putInteger(value: number): void {
  room(HEADER);
  if (value >= 0 && value < 0x80) {
    scratch[at++] = value;
    return;
  }
  scratch[at] = 0xd2;
  at = scratch.writeInt32BE(value, at + 1);
}

function putText(text: string): void {
  room(HEADER + text.length * WIDEST);
  // Almost every text is ASCII: its length is guessed from its characters, and what was guessed wrong is written again.
  const guess = text.length < 0x20 ? 1 : text.length < 0x1_0000 ? 3 : 5;
  const length = scratch.write(text, at + guess);
  const header = length < 0x20 ? 1 : length < 0x1_0000 ? 3 : 5;
  if (header !== guess) scratch.write(text, at + header);
  putLength(length, rawHeads);
  at += length;
}

function putBytes(bytes: Uint8Array): void {
  room(HEADER + bytes.length);
  putLength(bytes.length, rawHeads);
  scratch.set(bytes, at);
  at += bytes.length;
}

function putTexts(texts: readonly string[]): void {
  room(HEADER);
  putLength(texts.length, listHeads);
  for (const text of texts) putText(text);
}

function putFields(fields: Readonly<Record<string, string>>): void {
  const names = Object.keys(fields);
  room(HEADER);
  putLength(names.length * 2, listHeads);
  for (const name of names) {
    putText(name);
    putText(fields[name] as string);
  }
}

interface Heads {
  readonly fix: number;
  readonly fixLimit: number;
  readonly wide: number;
  readonly widest: number;
}

const rawHeads: Heads = { fix: 0xa0, fixLimit: 0x20, wide: 0xda, widest: 0xdb };
const listHeads: Heads = { fix: 0x90, fixLimit: 0x10, wide: 0xdc, widest: 0xdd };

function putLength(length: number, { fix, fixLimit, wide, widest }: Heads): void {
  if (length < fixLimit) {
    scratch[at++] = fix | length;
  } else if (length < 0x1_0000) {
    scratch[at] = wide;
    at = scratch.writeUInt16BE(length, at + 1);
  } else {
    scratch[at] = widest;
    at = scratch.writeUInt32BE(length, at + 1);
  }
}
