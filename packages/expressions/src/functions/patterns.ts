import { RE2JS, RE2JSException } from 're2js';
import { errors } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { setOwn } from '../values.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'patterns';
const MAX_PATTERN = 1_000;
const MAX_PROGRAM = 2_000;
const CACHE_SIZE = 200;

const cache = new Map<string, RE2JS>();

/**
 * Compiles a pattern of RE2 (https://github.com/google/re2/wiki/Syntax), at most 1,000 characters and 2,000
 * instructions. The last 200 are kept.
 *
 * @returns the pattern, or why it cannot be used
 */
export function compilePattern(pattern: string): RE2JS | string {
  const known = cache.get(pattern);
  if (known) return known;
  if (pattern.length > MAX_PATTERN) return `it has more than ${MAX_PATTERN} characters`;
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() > MAX_PROGRAM) return 'it repeats too much';
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
    cache.set(pattern, compiled);
    return compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return error.message.replace('error parsing regexp: ', '');
    throw error;
  }
}

function patternFor(pattern: string, runtime: Runtime): RE2JS {
  const compiled = compilePattern(pattern);
  if (typeof compiled === 'string') throw errors.invalid_pattern({ reason: compiled }, runtime.where());
  return compiled;
}

// Measured: a test costs up to 25 ns, a search up to 50 ns, per character and instruction; a step stands for 100 ns.
const TEST_SHARE = 4;
const SEARCH_SHARE = 2;

function test(text: string, pattern: string, runtime: Runtime): boolean {
  const compiled = patternFor(pattern, runtime);
  runtime.charge(Math.ceil((text.length * compiled.programSize()) / TEST_SHARE));
  return compiled.test(text);
}

/** Calls `visit` with each match until it says to stop. */
function search(text: string, pattern: string, runtime: Runtime, visit: (match: Match) => boolean): void {
  if (!test(text, pattern, runtime)) return;
  const compiled = patternFor(pattern, runtime);
  const matcher = compiled.matcher(text);
  let from = 0;
  for (;;) {
    runtime.charge(1 + Math.ceil(((text.length - from) * compiled.programSize()) / SEARCH_SHARE));
    if (!matcher.find() || !visit(matcher)) return;
    from = matcher.end();
  }
}

type Match = ReturnType<RE2JS['matcher']>;

/** The first group when the pattern has one, else the whole match. */
function matched(match: Match): string | null {
  return match.group(match.groupCount() > 0 ? 1 : 0);
}

function findFirst(text: string, pattern: string, runtime: Runtime): string | null {
  let found: string | null = null;
  search(text, pattern, runtime, (match) => {
    found = matched(match);
    return false;
  });
  return found;
}

function findAll(text: string, pattern: string, runtime: Runtime): string[] {
  const found: string[] = [];
  search(text, pattern, runtime, (match) => found.push(matched(match) ?? '') > 0);
  return found;
}

function groups(text: string, pattern: string, runtime: Runtime): Record<string, string | null> | null {
  let found: Record<string, string | null> | null = null;
  search(text, pattern, runtime, (match) => {
    const result: Record<string, string | null> = {};
    for (const name of Object.keys(patternFor(pattern, runtime).namedGroups())) setOwn(result, name, match.group(name));
    found = result;
    return false;
  });
  return found;
}

function replace(text: string, pattern: string, replacement: string, runtime: Runtime): string {
  const parts: string[] = [];
  let from = 0;
  search(text, pattern, runtime, (match) => {
    parts.push(text.slice(from, match.start()), replacement);
    from = match.end();
    return true;
  });
  const total = parts.reduce((sum, part) => sum + part.length, text.length - from);
  runtime.chargeText(total);
  return parts.join('') + text.slice(from);
}

/** Functions on text with RE2 patterns: linear time whatever the text. */
export const patternFunctions: readonly FunctionSpec[] = [
  {
    name: 'rx',
    group,
    signatures: ['rx(text: string, pattern: string) -> bool'],
    method: true,
    summary: 'Whether the pattern occurs anywhere in the text. Patterns follow RE2; anchor with ^ and $.',
    examples: [
      { expression: 'rx("powershell -enc SQBFAFgA", "(?i)-enc(odedcommand)?\\\\s")', result: true },
      { expression: '"10.0.0.5".rx(r"^10\\.")', result: true },
      { expression: 'rx("a", "(?=a)")', error: 'expressions.invalid_pattern' },
    ],
    run: ([text, pattern], runtime) => test(text as string, pattern as string, runtime),
  },
  {
    name: 'rx_find',
    group,
    signatures: ['rx_find(text: string, pattern: string) -> string'],
    method: true,
    summary: 'The first match: its first group when the pattern has one, else all of it; null when there is none.',
    examples: [
      { expression: 'rx_find("Failed password for root from 203.0.113.7", r"from (\\S+)")', result: '203.0.113.7' },
      { expression: 'rx_find("nothing here", "CVE-[0-9]+")', result: null },
    ],
    run: ([text, pattern], runtime) => findFirst(text as string, pattern as string, runtime),
  },
  {
    name: 'rx_find_all',
    group,
    signatures: ['rx_find_all(text: string, pattern: string) -> list(string)'],
    method: true,
    summary: 'Every match, as rx_find gives them.',
    examples: [{ expression: 'rx_find_all("T1110 and T1078.004", r"T\\d{4}")', result: ['T1110', 'T1078'] }],
    run: ([text, pattern], runtime) => findAll(text as string, pattern as string, runtime),
  },
  {
    name: 'rx_groups',
    group,
    signatures: ['rx_groups(text: string, pattern: string) -> map(string)'],
    method: true,
    summary: 'The named groups of the first match; null when there is none.',
    examples: [
      {
        expression: 'rx_groups("user=alice ip=10.0.0.5", r"user=(?P<user>\\w+) ip=(?P<ip>\\S+)")',
        result: { user: 'alice', ip: '10.0.0.5' },
      },
    ],
    run: ([text, pattern], runtime) => groups(text as string, pattern as string, runtime),
  },
  {
    name: 'rx_replace',
    group,
    signatures: ['rx_replace(text: string, pattern: string, replacement: string) -> string'],
    method: true,
    summary: 'The text with every match replaced. The replacement is plain text.',
    examples: [{ expression: 'rx_replace("card 4111 1111", "[0-9]", "*")', result: 'card **** ****' }],
    run: ([text, pattern, replacement], runtime) =>
      replace(text as string, pattern as string, replacement as string, runtime),
  },
];
