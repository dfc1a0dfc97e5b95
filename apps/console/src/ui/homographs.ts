import { labelToUnicode } from './punycode.ts';

/** A name of a host that is not what it seems, or that people cannot read. */
export interface Homograph {
  /** As people read it. */
  readonly unicode: string;
  /** As machines read it, in ASCII; empty where a browser takes it for no host. */
  readonly ascii: string;
  /** The names of the scripts that are mixed in one of its labels; empty: none mixes any. */
  readonly mixes: readonly string[];
  /** The ASCII name that it can be taken for; empty: none. */
  readonly imitates: string;
}

/** Scripts in common use today (UAX #31, table 5), with how people call them. */
const SCRIPTS: readonly (readonly [name: string, pattern: RegExp])[] = (
  [
    ...[
      'Latin',
      'Cyrillic',
      'Greek',
      'Armenian',
      'Han',
      'Hiragana',
      'Katakana',
      'Hangul',
      'Bopomofo',
      'Arabic',
      'Hebrew',
    ],
    ...[
      'Georgian',
      'Devanagari',
      'Bengali',
      'Gurmukhi',
      'Gujarati',
      'Oriya',
      'Tamil',
      'Telugu',
      'Kannada',
      'Malayalam',
    ],
    ...['Sinhala', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan', 'Ethiopic', 'Thaana', 'Cherokee', 'Lisu', 'Coptic'],
  ] as const
).map((name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')]);

const NO_SCRIPT = /[\p{Script=Common}\p{Script=Inherited}]/u;

/** What may stand together in one label: "Highly Restrictive" of UTS #39, 5.2. */
const TOGETHER: readonly (readonly string[])[] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** Small letters of other alphabets, and rare Latin ones, that look like a letter of ASCII (a part of UTS #39's confusables). */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аɑαӑ',
    b: 'ьƅ',
    c: 'сϲᴄ',
    d: 'ԁ',
    e: 'еҽєё',
    g: 'ɡցԍ',
    h: 'һհ',
    i: 'іıɩιӏї',
    j: 'јϳյ',
    k: 'кκ',
    l: 'ӏ',
    m: 'м',
    n: 'пոηռ',
    o: 'оοσօѳө',
    p: 'рρ',
    q: 'ԛզ',
    r: 'г',
    s: 'ѕꜱ',
    t: 'тτ',
    u: 'υսцμ',
    v: 'νѵᴠ',
    w: 'ԝωѡա',
    x: 'хχ',
    y: 'уγүყ',
    z: 'ᴢ',
    3: 'зӡ',
    6: 'б',
  }).flatMap(([ascii, letters]) => [...letters].map((letter): [string, string] => [letter, ascii])),
);

const ASCII = /^[\x20-\x7e]*$/;

/** A text with every letter replaced by the one of ASCII that it looks like; full-width forms and ligatures are undone. */
function skeleton(label: string): string {
  return [...label.normalize('NFKC').toLowerCase()].map((letter) => LOOKS_LIKE.get(letter) ?? letter).join('');
}

function scriptsOf(label: string): readonly string[] {
  const found = new Set<string>();
  for (const letter of label) {
    if (NO_SCRIPT.test(letter)) continue;
    found.add(SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? 'another script');
  }
  return [...found];
}

function mixedIn(label: string): readonly string[] {
  const scripts = scriptsOf(label);
  const fine = scripts.length < 2 || TOGETHER.some((some) => scripts.every((script) => some.includes(script)));
  return fine ? [] : scripts;
}

function asciiOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? '';
}

/** What is to be said about the name of a host; undefined: it is plain ASCII. */
export function homographOf(host: string): Homograph | undefined {
  const labels = host.split('.').map(labelToUnicode);
  const unicode = labels.join('.');
  if (ASCII.test(unicode)) return undefined;
  const seen = labels.map(skeleton).join('.');
  const mixes = [...new Set(labels.flatMap(mixedIn))];
  return { unicode, ascii: asciiOf(host), mixes, imitates: ASCII.test(seen) ? seen : '' };
}

/** Whether somebody can be deceived by it. */
export function deceives({ mixes, imitates }: Homograph): boolean {
  return mixes.length > 0 || imitates !== '';
}

/**
 * Names of hosts with a dot, a defanged one, or another that browsers take for one. Looked for where a word begins only: else
 * a long word without a dot is read anew from each of its letters.
 */
const HOST = /(?<![\p{L}\p{N}\p{M}_-])[\p{L}\p{N}\p{M}_-]+(?:\[?[.\u3002\uff0e\uff61]\]?[\p{L}\p{N}\p{M}_-]+)+/gu;
const WORTH_A_LOOK = /[\u0080-\u{10ffff}]|[xX][nN]--/u;
const MOST = 3;
const LONGEST = 2_000;

/** The names of hosts in a text that are not plain ASCII, defanged or not, each once, at most three. */
export function homographsIn(text: string): readonly Homograph[] {
  const looked = text.slice(0, LONGEST);
  if (!WORTH_A_LOOK.test(looked)) return [];
  const found = new Map<string, Homograph>();
  for (const [name] of looked.matchAll(HOST)) {
    if (!WORTH_A_LOOK.test(name)) continue;
    const host = name.replaceAll(/\[?[.\u3002\uff0e\uff61]\]?/g, '.').slice(0, 253);
    const homograph = homographOf(host);
    if (homograph) found.set(homograph.unicode, homograph);
    if (found.size === MOST) break;
  }
  return [...found.values()];
}
