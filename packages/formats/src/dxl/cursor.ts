import { isUtf8 } from 'node:buffer';
import { errors } from '../errors.ts';
import type { DxlLimits } from './limits.ts';

/** A place in the bytes of a message. */
export interface Cursor {
  readonly bytes: Buffer;
  readonly limits: DxlLimits;
  at: number;
}

/** The error for a message that cannot be read. */
export function malformed(reason: string): Error {
  return errors.dxl_message_malformed({ reason });
}

/** Takes `count` bytes. @throws formats.dxl_message_malformed */
function take(cursor: Cursor, count: number): number {
  const start = cursor.at;
  if (count > cursor.bytes.length - start) throw malformed('it ends too early');
  cursor.at = start + count;
  return start;
}

function unsigned(cursor: Cursor, size: 1 | 2 | 4): number {
  return cursor.bytes.readUIntBE(take(cursor, size), size);
}

function signed(cursor: Cursor, size: 1 | 2 | 4): number {
  return cursor.bytes.readIntBE(take(cursor, size), size);
}

/** Takes an integer of at most 64 bits that a double holds exactly. @throws formats.dxl_message_malformed */
export function takeInteger(cursor: Cursor, what: string): number {
  const head = unsigned(cursor, 1);
  if (head <= 0x7f) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head === 0xcc) return unsigned(cursor, 1);
  if (head === 0xcd) return unsigned(cursor, 2);
  if (head === 0xce) return unsigned(cursor, 4);
  if (head === 0xd0) return signed(cursor, 1);
  if (head === 0xd1) return signed(cursor, 2);
  if (head === 0xd2) return signed(cursor, 4);
  if (head === 0xcf || head === 0xd3) {
    const start = take(cursor, 8);
    const wide = Number(head === 0xcf ? cursor.bytes.readBigUInt64BE(start) : cursor.bytes.readBigInt64BE(start));
    if (Number.isSafeInteger(wide)) return wide;
  }
  throw malformed(`${what} is not an integer`);
}

/** The length of the raw item at the cursor: fixstr, str 8/16/32, bin 8/16/32; nil counts as empty. */
function rawLength(cursor: Cursor, what: string): number {
  const head = unsigned(cursor, 1);
  if (head >= 0xa0 && head <= 0xbf) return head & 0x1f;
  switch (head) {
    case 0xc0:
      return 0;
    case 0xc4:
    case 0xd9:
      return unsigned(cursor, 1);
    case 0xc5:
    case 0xda:
      return unsigned(cursor, 2);
    case 0xc6:
    case 0xdb:
      return unsigned(cursor, 4);
    default:
      throw malformed(`${what} is not a string`);
  }
}

/** Takes bytes, without copying them. @throws formats.dxl_message_malformed */
export function takeBytes(cursor: Cursor, what: string): Buffer {
  const length = rawLength(cursor, what);
  const start = take(cursor, length);
  return cursor.bytes.subarray(start, start + length);
}

/** Takes text. @throws formats.dxl_message_malformed */
export function takeText(cursor: Cursor, what: string): string {
  const length = rawLength(cursor, what);
  if (length > cursor.limits.textBytes) throw malformed(`${what} has ${length} bytes`);
  const start = take(cursor, length);
  const text = cursor.bytes.toString('utf8', start, start + length);
  // Only a replacement character can tell of bytes that were not UTF-8; checking every text would cost more.
  if (text.includes('\uFFFD') && !isUtf8(cursor.bytes.subarray(start, start + length))) {
    throw malformed(`${what} is not UTF-8`);
  }
  return text;
}

/** Takes a list of texts; nil counts as empty. @throws formats.dxl_message_malformed */
export function takeTexts(cursor: Cursor, what: string): string[] {
  const head = unsigned(cursor, 1);
  let count: number;
  if (head >= 0x90 && head <= 0x9f) count = head & 0x0f;
  else if (head === 0xdc) count = unsigned(cursor, 2);
  else if (head === 0xdd) count = unsigned(cursor, 4);
  else if (head === 0xc0) count = 0;
  else throw malformed(`${what} is not a list`);
  if (count > cursor.limits.items) throw malformed(`${what} has ${count} items`);
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1) texts.push(takeText(cursor, what));
  return texts;
}
