/** Most bytes that one UTF-16 unit takes in JSON: an escape such as `\u0000`. */
const UNIT = 6;
const NUMBER = 26;
const AROUND = 6;

/**
 * Whether the JSON of a value may take more than `limit` bytes. False is certain, true is not: for what is small the
 * answer costs a look at each part and no text is made. It ends as soon as the limit is passed.
 */
export function mayExceed(value: unknown, limit: number): boolean {
  return take(value, limit) < 0;
}

function take(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length * UNIT - AROUND;
  if (typeof value !== 'object' || value === null) return room - NUMBER;
  let left = room - AROUND;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) left = take(value[index], left);
    return left;
  }
  for (const key in value) {
    left = take((value as Readonly<Record<string, unknown>>)[key], left - key.length * UNIT - AROUND);
    if (left < 0) return left;
  }
  return left;
}

/** Whether the JSON of a value takes more than `limit` bytes of UTF-8. */
export function exceeds(value: unknown, limit: number): boolean {
  return mayExceed(value, limit) && Buffer.byteLength(JSON.stringify(value) ?? '') > limit;
}
