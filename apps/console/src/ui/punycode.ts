const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 128;

/** The value of a digit, from 0; undefined when it is none. */
function digitOf(letter: string): number | undefined {
  const digit = Number.parseInt(letter, BASE);
  // Letters count from 0, figures from 26; parseInt has them the other way round.
  return Number.isNaN(digit) ? undefined : (digit + 26) % BASE;
}

/** How the next number is likely to be written (RFC 3492, 6.1). */
function adapted(delta: number, points: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / points);
  let bias = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; bias += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return bias + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** One variable-length number (RFC 3492, 3.3); undefined when it is none. */
function numberAt(text: string, from: number, bias: number): { value: number; next: number } | undefined {
  let [value, weight, at] = [0, 1, from];
  for (let k = BASE; ; k += BASE) {
    const digit = digitOf(text[at] ?? '');
    if (digit === undefined || value > 0x7fffffff) return undefined;
    at += 1;
    value += digit * weight;
    const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
    if (digit < threshold) return { value, next: at };
    weight *= BASE - threshold;
  }
}

function decode(text: string): string | undefined {
  const dash = text.lastIndexOf('-');
  const points = dash > 0 ? [...text.slice(0, dash)].map((letter) => letter.charCodeAt(0)) : [];
  let [code, bias, place] = [FIRST_CODE, FIRST_BIAS, 0];
  for (let at = dash > 0 ? dash + 1 : 0; at < text.length; ) {
    const read = numberAt(text, at, bias);
    if (!read) return undefined;
    at = read.next;
    const before = place;
    place += read.value;
    const length = points.length + 1;
    bias = adapted(read.value, length, before === 0);
    code += Math.floor(place / length);
    place %= length;
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
    points.splice(place, 0, code);
    place += 1;
  }
  return String.fromCodePoint(...points);
}

/** Marks of direction, joiners, blanks and characters without a shape: no host has them, and they would turn or hide what stands beside. */
const UNREADABLE = /[\p{C}\p{Z}]/u;

/**
 * A label of a domain as people read it: `xn--…` is decoded (RFC 3492); what cannot be decoded, or would not be read as it is
 * written, stays as it is.
 */
export function labelToUnicode(label: string): string {
  if (!/^xn--[a-z0-9-]{1,59}$/i.test(label)) return label;
  const decoded = decode(label.slice(4).toLowerCase());
  return decoded === undefined || UNREADABLE.test(decoded) ? label : decoded;
}
