/** A piece of a text: shown as it is, or a character that would hide or turn something, as a visible mark. */
export interface TextPart {
  /** Where it begins in the text. */
  readonly at: number;
  readonly text: string;
  /** Its name for the mark, such as `U+202E`; empty for plain text. */
  readonly mark: string;
}

/**
 * Code points that change how others are shown, or that are not shown at all: controls other than line feed and tab,
 * directional marks (UAX #9), zero-width characters, fillers, line and paragraph separators, tags.
 */
const UNSEEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f],
];

const escaped = (code: number) => `\\u{${code.toString(16)}}`;
const INVISIBLE = new RegExp(`[${UNSEEN.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('')}]`, 'gu');

/** Several accents upon one letter are a way to draw over other lines; more than four are cut. */
const STACKED = /(\p{M}{4})\p{M}+/gu;

/** A text of unknown origin in parts that are safe to show next to our own words. Nothing of it is lost but stacked accents. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  const calm = text.replace(STACKED, '$1').replaceAll('\r\n', '\n');
  let from = 0;
  for (const match of calm.matchAll(INVISIBLE)) {
    if (match.index > from) parts.push({ at: from, text: calm.slice(from, match.index), mark: '' });
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    parts.push({ at: match.index, text: match[0], mark: `U+${code}` });
    from = match.index + match[0].length;
  }
  if (from < calm.length) parts.push({ at: from, text: calm.slice(from), mark: '' });
  return parts;
}

/** A text of unknown origin as one line for titles, tooltips and labels: marks in brackets, line breaks as blanks. */
export function plainText(text: string, longest = 200): string {
  const line = textParts(text.slice(0, longest * 2))
    .map(({ text: part, mark }) => (mark === '' ? part : `[${mark}]`))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** Scheme, host and the rest. */
const WHOLE = /^([a-z][a-z\d+.-]*:\/\/)?([^/?#]*)([\s\S]*)$/i;
/** What can be an IPv6 address, and no MAC address nor a port. */
const IPV6 = /^(?=.*::|(?:[^:]*:){6})[\da-f:.]+$/i;

/**
 * An observable as it may be passed on by mail or chat without becoming a link: `hxxps://evil[.]example/x`,
 * `203.0.113[.]66`, `user[@]evil[.]example`.
 */
export function defang(value: string): string {
  const [, scheme = '', host = '', rest = ''] = WHOLE.exec(value) ?? [];
  const known = scheme.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp');
  // Other schemes keep their name.
  const safe = known === scheme ? scheme.replace('://', '[:]//') : known;
  const dots = host.replaceAll('.', '[.]').replaceAll('@', '[@]');
  return safe + (scheme === '' && IPV6.test(host) ? dots.replaceAll(':', '[:]') : dots) + rest;
}

/** What people paste, as the value that was meant: `hxxp`, `[.]`, `(dot)`, `[at]` are undone, blanks around are dropped. */
export function refang(text: string): string {
  return text
    .trim()
    .replace(/\bhxxp(s?)(:\/\/|\[:\/\/\]|\[:\]\/\/)/gi, 'http$1://')
    .replace(/\bfxp:\/\//gi, 'ftp://')
    .replace(/\s*[[({]\s*(?:\.|dot)\s*[\])}]\s*/gi, '.')
    .replace(/\s*[[({]\s*(?:@|at)\s*[\])}]\s*/gi, '@')
    .replace(/\[:\]/g, ':');
}
