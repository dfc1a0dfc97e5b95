import { defang } from '@counterpoint/formats';

/** Verbs whose past is not made by a rule. */
const IRREGULAR: Readonly<Record<string, string>> = {
  get: 'got',
  give: 'gave',
  hold: 'held',
  keep: 'kept',
  let: 'let',
  make: 'made',
  put: 'put',
  read: 'read',
  run: 'ran',
  send: 'sent',
  set: 'set',
  shut: 'shut',
  submit: 'submitted',
  take: 'took',
  tell: 'told',
  withdraw: 'withdrew',
  write: 'wrote',
};

/** One short vowel between single consonants doubles the last of them: ban, tag, drop. */
const DOUBLES = /^[^aeiou]*[aeiou][bdgmnprt]$/;

/** The past of an English verb in lower case, such as `banned` of `ban`. */
export function pastOf(verb: string): string {
  const irregular = IRREGULAR[verb];
  if (irregular !== undefined) return irregular;
  if (verb.endsWith('e')) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return DOUBLES.test(verb) ? `${verb}${verb.at(-1)}ed` : `${verb}ed`;
}

/** What an action is about at the end of its title: an article and at most three words. */
const OBJECT = /\b(?:an?|the) (?:[\w-]+ ){0,2}[\w-]+(?= \([^)]*\)$|$)/i;

/** Types whose values somebody could follow by accident. */
const FOLLOWED: ReadonlySet<string> = new Set(['url', 'domain-name', 'email-addr']);
const HASH = /^hashes\.([\w-]+):([0-9a-f]+)$/i;
const SHOWN_OF_HASH = 12;

/**
 * The value of a target such as `ipv4-addr:203.0.113.7`, for people: without its type, hashes short, and what can be
 * followed defanged.
 */
export function valueOfTarget(target: string): string {
  const colon = target.indexOf(':');
  const [type, value] = [target.slice(0, Math.max(0, colon)), target.slice(colon + 1)];
  const [, algorithm, hash = ''] = HASH.exec(value) ?? [];
  if (algorithm !== undefined) return `${algorithm} ${hash.slice(0, SHOWN_OF_HASH)}…`;
  return FOLLOWED.has(type) ? defang(value, type as Parameters<typeof defang>[1]) : value;
}

/**
 * The title of an action with what it acts on in the place of its object: `Ban an IP address` on `203.0.113.7` becomes
 * `Ban 203.0.113.7`. Without a place for it the value stands behind.
 */
export function actionOn(title: string, target: string): string {
  const value = valueOfTarget(target);
  if (value === '') return title;
  return OBJECT.test(title) ? title.replace(OBJECT, () => value) : `${title}: ${value}`;
}

/** The first word and the rest of it. */
function split(title: string): readonly [string, string] {
  const space = title.indexOf(' ');
  return space === -1 ? [title, ''] : [title.slice(0, space), title.slice(space)];
}

/** A title in the past, to stand behind who did it: `banned 203.0.113.7` of `Ban 203.0.113.7`. */
export function inThePast(title: string): string {
  const [verb, rest] = split(title);
  // What is written in capitals throughout is a name of something, such as GET.
  return verb === verb.toUpperCase() ? `did ${title}` : pastOf(verb.toLowerCase()) + rest;
}

/** A title to stand behind `to`: `ban 203.0.113.7` of `Ban 203.0.113.7`. */
export function afterTo(title: string): string {
  const [verb, rest] = split(title);
  return verb === verb.toUpperCase() ? `do ${title}` : verb.toLowerCase() + rest;
}
