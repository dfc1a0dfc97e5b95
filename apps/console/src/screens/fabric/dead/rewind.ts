/** Where a consumer is to go on, as the server takes it; or what is wrong with what was typed. */
export type RewindPlace = { readonly time: number } | { readonly after: number } | { readonly problem: string };

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads how long ago, or which position. @param now Unix milliseconds */
export function rewindTo(how: 'time' | 'position', text: string, now: number): RewindPlace {
  const typed = text.trim();
  if (how === 'position') {
    const after = Number(typed);
    return /^\d+$/.test(typed) && Number.isSafeInteger(after)
      ? { after }
      : { problem: 'A position is a whole number.' };
  }
  const [, count = '', unit = ''] = /^(\d{1,6})\s*([smhd])$/.exec(typed) ?? [];
  const width = UNITS[unit];
  return width === undefined
    ? { problem: 'Write a number and one of s, m, h, d, such as 4h.' }
    : { time: Math.max(0, now - Number(count) * width) };
}
