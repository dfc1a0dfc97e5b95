import type { Reader } from '@counterpoint/events';

/** Who acts, by name. */
export interface People {
  /** The name behind a reference of a person, token or participant; the reference itself where none is known. */
  nameOf(ref: string): string;
  /** A text with the names of those whom it mentions by reference. */
  inText(text: string): string;
}

const MENTION = /\b(?:user|token):[\w-]+/g;

/** The people and tokens that a text mentions by reference, such as the reason for which a run was cancelled. */
export function mentionedIn(text: string): readonly string[] {
  return text.match(MENTION) ?? [];
}

/** Reads the names behind some references of who acts (`user:…`, `token:…`, `participant:…`); others are left out. */
export async function readPeople(reader: Reader, refs: readonly string[]): Promise<People> {
  const users = await named(reader, 'users', refs);
  const tokens = await named(reader, 'tokens', refs);
  const owners = await named(
    reader,
    'users',
    [...tokens.values()].map(({ user }) => `user:${user}`),
  );
  const nameOf = (ref: string): string => {
    const id = ref.slice(ref.indexOf(':') + 1);
    if (ref.startsWith('user:')) return users.get(id)?.name ?? ref;
    const token = ref.startsWith('token:') ? tokens.get(id) : undefined;
    if (token) return `${owners.get(token.user)?.name ?? token.user} (token ${token.title})`;
    return ref.startsWith('participant:') ? id : ref;
  };
  return { nameOf, inText: (text) => text.replace(MENTION, nameOf) };
}

const PREFIXES = { users: 'user:', tokens: 'token:' } as const;

async function named<Table extends 'users' | 'tokens'>(reader: Reader, table: Table, refs: readonly string[]) {
  const prefix = PREFIXES[table];
  const ids = [...new Set(refs.flatMap((ref) => (ref.startsWith(prefix) ? [ref.slice(prefix.length)] : [])))];
  const rows =
    ids.length === 0 ? [] : await reader.find(table, { where: { id: { in: ids } } as never, limit: ids.length });
  return new Map(rows.map((row) => [row.id, row]));
}
