import { type DxlMessage, dxlMessageTypes } from './message.ts';

type Item = string | Uint8Array | readonly string[] | number;

/**
 * Writes an OpenDXL message. Texts and the payload are raw items of the old msgpack specification (fixstr, str 16, str 32
 * and no others), which are what every published client reads.
 */
export function encodeDxlMessage(message: DxlMessage): Buffer {
  const items = itemsOf(message);
  const bytes = Buffer.allocUnsafe(items.reduce<number>((size, item) => size + sizeOf(item), 0));
  let at = 0;
  for (const item of items) at = put(bytes, at, item);
  return bytes;
}

function itemsOf(message: DxlMessage): Item[] {
  const { version } = message;
  const items: Item[] = [
    version,
    dxlMessageTypes.indexOf(message.type),
    message.messageId,
    message.sourceClientId,
    message.sourceBrokerId,
    message.brokerIds,
    message.clientIds,
    message.payload,
  ];
  if (message.type === 'request') items.push(message.replyToTopic, message.serviceId);
  else if (message.type !== 'event') items.push(message.requestMessageId, message.serviceId);
  if (message.type === 'error') items.push(message.errorCode | 0, message.errorMessage);
  if (version >= 1) items.push(Object.entries(message.otherFields).flat());
  if (version >= 2) items.push(message.sourceTenantGuid, message.destinationTenantGuids);
  if (version >= 3) items.push(message.sourceClientInstanceId);
  return items;
}

function sizeOf(item: Item): number {
  if (typeof item === 'number') return isSmall(item) ? 1 : 5;
  if (typeof item === 'string') return rawSize(Buffer.byteLength(item));
  if (item instanceof Uint8Array) return rawSize(item.length);
  return item.reduce((size, text) => size + sizeOf(text), item.length < 0x10 ? 1 : item.length < 0x1_0000 ? 3 : 5);
}

function rawSize(length: number): number {
  return length + (length < 0x20 ? 1 : length < 0x1_0000 ? 3 : 5);
}

function isSmall(value: number): boolean {
  return value >= 0 && value < 0x80;
}

function put(bytes: Buffer, at: number, item: Item): number {
  if (typeof item === 'number') {
    if (isSmall(item)) return bytes.writeUInt8(item, at);
    bytes[at] = 0xd2;
    return bytes.writeInt32BE(item, at + 1);
  }
  if (typeof item === 'string') {
    const start = putLength(bytes, at, Buffer.byteLength(item), rawHeads);
    return start + bytes.write(item, start);
  }
  if (item instanceof Uint8Array) {
    const start = putLength(bytes, at, item.length, rawHeads);
    bytes.set(item, start);
    return start + item.length;
  }
  let next = putLength(bytes, at, item.length, listHeads);
  for (const text of item) next = put(bytes, next, text);
  return next;
}

interface Heads {
  readonly fix: number;
  readonly fixLimit: number;
  readonly wide: number;
  readonly widest: number;
}

const rawHeads: Heads = { fix: 0xa0, fixLimit: 0x20, wide: 0xda, widest: 0xdb };
const listHeads: Heads = { fix: 0x90, fixLimit: 0x10, wide: 0xdc, widest: 0xdd };

function putLength(bytes: Buffer, at: number, length: number, { fix, fixLimit, wide, widest }: Heads): number {
  if (length < fixLimit) return bytes.writeUInt8(fix | length, at);
  if (length < 0x1_0000) return bytes.writeUInt16BE(length, bytes.writeUInt8(wide, at));
  return bytes.writeUInt32BE(length, bytes.writeUInt8(widest, at));
}
