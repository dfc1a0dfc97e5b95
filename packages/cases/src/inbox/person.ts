import type { InboxItemRow, Reader, TokenRow, UserRow } from '@counterpoint/events';
import { permissionsOfRole } from '@counterpoint/identity';

/** Somebody who decides, as far as it matters who. Tokens and sessions stand for their user. */
export type Person = Pick<UserRow, 'id' | 'name' | 'role' | 'disabled'>;

/** How far back the cause of a run is followed to the person who started it. */
const DEEPEST = 50;

/** The reference of a person in votes and outputs. */
export function personRef(person: Pick<Person, 'id'>): string {
  return `user:${person.id}`;
}

/** Whether `name` (`ada`, `user:ada`, or with the id of the user) means this person. */
export function isNamed({ id, name }: Pick<Person, 'id' | 'name'>, given: string): boolean {
  const bare = given.startsWith('user:') ? given.slice('user:'.length) : given;
  return bare === id || bare === name;
}

/** Whether somebody with the role `has` may stand for the role `wanted`: it is that role, or one with all its rights. */
export function satisfiesRole(has: string, wanted: string): boolean {
  if (has === wanted || wanted === '') return true;
  const needed = permissionsOfRole(wanted);
  const held = permissionsOfRole(has);
  return needed.size > 0 && [...needed].every((permission) => held.has(permission));
}

/** Whether an item is meant for this person: of its users, and of its role. Owners may always decide. */
export function isAsked(item: Pick<InboxItemRow, 'role' | 'users'>, person: Person): boolean {
  if (person.role === 'owner') return true;
  const byName = item.users.length === 0 || item.users.some((name) => isNamed(person, name));
  return byName && satisfiesRole(person.role, item.role);
}

/**
 * The users that references mean: `user:…`, plain names, `token:…` (its user), and `run:…` (whoever started it, through
 * all runs that called one another). What no person stands behind (an event, a source) means nobody.
 */
export async function usersMeant(reader: Reader, references: readonly string[]): Promise<ReadonlySet<string>> {
  const meant = new Set<string>();
  for (const reference of references) {
    const user = await userMeant(reader, reference);
    if (user !== undefined) meant.add(user);
  }
  return meant;
}

async function userMeant(reader: Reader, reference: string): Promise<string | undefined> {
  let current = reference;
  for (let depth = 0; depth < DEEPEST && current.startsWith('run:'); depth++) {
    const [id = ''] = current.slice('run:'.length).split('/');
    current = (await reader.get('runs', id))?.cause ?? '';
  }
  if (current.startsWith('token:')) return (await tokenMeant(reader, current))?.user;
  if (current.includes(':') && !current.startsWith('user:')) return undefined;
  return (await findPerson(reader, current))?.id;
}

function tokenMeant(reader: Reader, reference: string): Promise<TokenRow | undefined> {
  return reader.get('tokens', reference.slice('token:'.length));
}

/** The person of that id or name, with or without `user:` before it. */
export async function findPerson(reader: Reader, given: string): Promise<Person | undefined> {
  const bare = given.startsWith('user:') ? given.slice('user:'.length) : given;
  if (bare === '') return undefined;
  const byId = await reader.get('users', bare);
  if (byId) return byId;
  const [byName] = await reader.find('users', { where: { name: bare }, limit: 1 });
  return byName;
}
