import type { Runtime } from '../runtime.ts';
import { textOf } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'text';

function countOccurrences(text: string, search: string, runtime: Runtime): number {
  let count = 0;
  for (let from = text.indexOf(search); from !== -1; from = text.indexOf(search, from + search.length)) {
    runtime.charge(1);
    count += 1;
  }
  return count;
}

function replaceAll(text: string, search: string, replacement: string, runtime: Runtime): string {
  if (search === '') return text;
  const count = countOccurrences(text, search, runtime);
  runtime.chargeText(text.length + count * (replacement.length - search.length));
  return text.split(search).join(replacement);
}

function splitText(text: string, separator: string, runtime: Runtime): string[] {
  // One more than can be paid for: charging the result then ends in the budget's error, not in memory.
  return separator === '' ? [...text.slice(0, runtime.left + 1)] : text.split(separator, runtime.left + 1);
}

function join(list: readonly unknown[], separator: string, runtime: Runtime): string {
  const parts = list.map((item) => textOf(item, runtime));
  runtime.chargeText(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
  return parts.join(separator);
}

/** Functions on text. */
export const textFunctions: readonly FunctionSpec[] = [
  {
    name: 'lower',
    group,
    signatures: ['lower(text: string) -> string'],
    method: true,
    summary: 'The text in lower case.',
    examples: [{ expression: '"MALWARE.Example".lower()', result: 'malware.example' }],
    run: ([text]) => (text as string).toLowerCase(),
  },
  {
    name: 'upper',
    group,
    signatures: ['upper(text: string) -> string'],
    method: true,
    summary: 'The text in upper case.',
    examples: [{ expression: 'upper("high")', result: 'HIGH' }],
    run: ([text]) => (text as string).toUpperCase(),
  },
  {
    name: 'trim',
    group,
    signatures: ['trim(text: string) -> string'],
    method: true,
    summary: 'The text without white space at both ends.',
    examples: [{ expression: '"  web01\\n".trim()', result: 'web01' }],
    run: ([text]) => (text as string).trim(),
  },
  {
    name: 'replace',
    group,
    signatures: ['replace(text: string, search: string, replacement: string) -> string'],
    method: true,
    summary: 'The text with every occurrence of `search` replaced. `search` is plain text, not a pattern.',
    examples: [{ expression: '"CORP\\\\alice".replace("CORP\\\\", "")', result: 'alice' }],
    run: ([text, search, replacement], runtime) =>
      replaceAll(text as string, search as string, replacement as string, runtime),
  },
  {
    name: 'startsWith',
    group,
    signatures: ['startsWith(text: string, prefix: string) -> bool'],
    method: true,
    summary: 'Whether the text begins with `prefix`.',
    examples: [{ expression: '"svc_backup".startsWith("svc_")', result: true }],
    run: ([text, prefix]) => (text as string).startsWith(prefix as string),
  },
  {
    name: 'endsWith',
    group,
    signatures: ['endsWith(text: string, suffix: string) -> bool'],
    method: true,
    summary: 'Whether the text ends with `suffix`.',
    examples: [{ expression: '"alice@example.com".endsWith("@example.com")', result: true }],
    run: ([text, suffix]) => (text as string).endsWith(suffix as string),
  },
  {
    name: 'contains',
    group,
    signatures: ['contains(text: string, part: string) -> bool'],
    method: true,
    summary: 'Whether the text contains `part`. For lists, write `item in list`.',
    examples: [{ expression: '"Failed password for root".contains("root")', result: true }],
    run: ([text, part]) => (text as string).includes(part as string),
  },
  {
    name: 'indexOf',
    group,
    signatures: ['indexOf(text: string, part: string) -> int'],
    method: true,
    trusted: true,
    summary: 'Where `part` first occurs, counted from 0; -1 when it does not.',
    examples: [{ expression: '"alice@example.com".indexOf("@")', result: 5 }],
    run: ([text, part]) => (text as string).indexOf(part as string),
  },
  {
    name: 'substring',
    group,
    signatures: ['substring(text: string, start: int, end?: int) -> string'],
    method: true,
    summary: 'The part from `start` up to, not including, `end`; bounds beyond the text are cut to it.',
    examples: [
      { expression: '"CVE-2024-3094".substring(4, 8)', result: '2024' },
      { expression: 'substring("short", 0, 100)', result: 'short' },
    ],
    run: ([text, start, end]) => {
      const from = Math.max(0, start as number);
      return (text as string).slice(from, Math.max(from, (end as number | undefined) ?? (text as string).length));
    },
  },
  {
    name: 'split',
    group,
    signatures: ['split(text: string, separator: string) -> list(string)'],
    method: true,
    summary: 'The parts of the text between separators. An empty separator gives the characters.',
    examples: [{ expression: '"a.exe, b.dll".split(", ")', result: ['a.exe', 'b.dll'] }],
    run: ([text, separator], runtime) => splitText(text as string, separator as string, runtime),
  },
  {
    name: 'join',
    group,
    signatures: ['join(list: list(dyn), separator?: string) -> string'],
    method: true,
    summary: 'The items as one text, with `separator` (default none) between them.',
    examples: [{ expression: '["T1110", "T1078"].join(", ")', result: 'T1110, T1078' }],
    run: ([list, separator = ''], runtime) => join(list as readonly unknown[], separator as string, runtime),
  },
  {
    name: 'string',
    group,
    signatures: ['string(value: dyn) -> string'],
    method: false,
    summary: 'The value as text: numbers and bools as written, null as nothing, lists and maps as JSON.',
    examples: [
      { expression: '"score " + string(71)', result: 'score 71' },
      { expression: 'string([1, true])', result: '[1,true]' },
    ],
    run: ([value], runtime) => textOf(value, runtime),
  },
];
