import { basename, dirname } from 'node:path';

/** What a content file is. */
export const contentKinds = [
  'playbook',
  'reaction',
  'playbook_test',
  'normalizer',
  'policy',
  'noise',
  'table',
  'calendar',
  'participant',
  'topic',
  'capability',
] as const;

/** What a content file is. */
export type ContentKind = (typeof contentKinds)[number];

/** What a file is, as far as can be told: `unknown` with the kind that it names, `none` when it names nothing. */
export type KindGuess =
  | { readonly kind: ContentKind }
  | { readonly kind: 'unknown'; readonly named: string; readonly line: number; readonly column: number }
  | { readonly kind: 'none' };

const PLACES: Readonly<Record<string, ContentKind>> = {
  playbooks: 'playbook',
  reactions: 'reaction',
  normalizers: 'normalizer',
  policy: 'policy',
  noise: 'noise',
  tables: 'table',
  calendars: 'calendar',
  participants: 'participant',
  topics: 'topic',
  capabilities: 'capability',
};
const JSON_KINDS: readonly ContentKind[] = ['topic', 'capability'];
const NAMED = /^kind:[ \t]*["']?([\w-]+(?:\/[\w.-]*)?)/m;

/** Tells what a file is, by the `kind` that it names, else by its name and folder. */
export function kindOf(file: string, text: string): KindGuess {
  if (file.endsWith('.json')) return jsonKind(file, text);
  const place = file.endsWith('.test.yaml') ? 'playbook_test' : PLACES[basename(dirname(file))];
  const match = NAMED.exec(text);
  const named = match?.[1] ?? '';
  const kind = contentKinds.find((one) => !JSON_KINDS.includes(one) && named === `${one}/v1`);
  if (kind) return { kind };
  // Where the place tells, the checker of that kind says it better.
  if (place && !JSON_KINDS.includes(place)) return { kind: place };
  if (!match) return { kind: 'none' };
  const before = text.slice(0, match.index + match[0].length - named.length).split('\n');
  return { kind: 'unknown', named, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function jsonKind(file: string, text: string): KindGuess {
  const place = PLACES[basename(dirname(file))];
  if (place && JSON_KINDS.includes(place)) return { kind: place };
  const kind = JSON_KINDS.find((one) => new RegExp(`^\\s*\\{\\s*"${one}"\\s*:`).test(text));
  return { kind: kind ?? 'none' };
}
