import type { CallResult } from '@counterpoint/sdk';
import type { Tone } from '../../ui/states.ts';

/** A connector as the catalogue lists it. */
export type Listed = CallResult<'listConnectors'>['items'][number];
/** How far a connector is proven. */
export type Grade = NonNullable<Listed['grade']>;
/** How a connection works. */
export type Health = CallResult<'getConnection'>['health'];
/** What kind of addresses a connection may dial. */
export type Network = CallResult<'getConnection'>['network'];

/** What each grade says, in a word and a sentence. */
export const GRADES: Readonly<
  Record<Grade['letter'], { readonly word: string; readonly means: string; readonly tone: Tone }>
> = {
  A: { word: 'A · proven', means: 'Dependable, and tested against the real product.', tone: 'good' },
  B: {
    word: 'B · dependable',
    means: 'Its failures are tested, and what it cuts off can be undone and read back.',
    tone: 'busy',
  },
  C: { word: 'C · works', means: 'Whole and tested where all goes well.', tone: 'warn' },
  '-': { word: 'not graded', means: 'It lacks something that every connector should have.', tone: 'calm' },
};

const FACTS: Readonly<Record<string, string>> = {
  lints: 'Its description is complete: every field explained, every risky action named',
  simulated: 'It has a simulator that speaks the API of the product',
  tested: 'It has tests of its own',
  documented: 'It has a page, and links to the documentation of the vendor',
  credential_tested: 'Its credential can be tested before it is used',
  failures_tested: 'Wrong credentials, refusals, garbage, silence and cut connections are tested',
  undo: 'Everything that it cuts off can be undone',
  read_back: 'Whether something is really cut off can be asked in the product',
  tells_before: 'It notices what others had cut off before, and leaves that alone',
  no_advice: 'Nothing is left that the linter would have better',
  real_product: 'Its tests ran against the real product, not only a simulator',
};

/** What a fact of a grade says. */
export function factWords(fact: string): string {
  return FACTS[fact] ?? fact.replaceAll('_', ' ');
}

const HEALTH: Readonly<
  Record<Health['state'], { readonly word: string; readonly tone: Tone; readonly means: string }>
> = {
  working: { word: 'works', tone: 'good', means: 'Its last test or its last change succeeded.' },
  failing: { word: 'fails', tone: 'bad', means: 'Its last test or its last change failed because of the connection.' },
  untested: { word: 'not tested', tone: 'calm', means: 'Nothing went through it since it was set up or changed.' },
  disabled: { word: 'disabled', tone: 'calm', means: 'Nothing acts through it until it is enabled.' },
};

/** How the health of a connection is told. */
export function healthWords(state: Health['state']) {
  return HEALTH[state];
}

/** The network scopes, from wide to narrow, with what each reaches. */
export const NETWORKS: readonly { readonly value: Network; readonly label: string; readonly means: string }[] = [
  { value: 'public', label: 'Internet', means: 'Public addresses only, always with TLS (https).' },
  {
    value: 'private',
    label: 'Own network',
    means: 'Also addresses of your own networks (10.…, 172.16–31.…, 192.168.…), with or without TLS.',
  },
  { value: 'lab', label: 'This machine', means: 'Only this machine itself: simulators and local programs.' },
];

/** The letters that stand for a connector where others show a logo. */
export function letterMark(title: string): string {
  const words = title.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first = '?', second] = words;
  const capitals = first.match(/\p{Lu}/gu) ?? [];
  if (second) return (first.charAt(0) + second.charAt(0)).toUpperCase();
  return (capitals.length > 1 ? capitals.slice(0, 2).join('') : first.slice(0, 2)).toUpperCase();
}

/** What the catalogue is narrowed to. */
export interface CatalogueFilter {
  readonly q?: string | undefined;
  readonly capability?: string | undefined;
  readonly effect?: string | undefined;
  readonly grade?: string | undefined;
  readonly connected?: string | undefined;
}

function textOf({ id, title, vendor, description, capabilities, actions }: Listed): string {
  const named = actions.map(({ name, title: action }) => `${name} ${action}`);
  return [id, title, vendor, description, ...capabilities, ...named].join('\n').toLowerCase();
}

/** The connectors that a filter leaves, connected ones first, then by name. Every word of the search must be found. */
export function filterCatalogue(items: readonly Listed[], filter: CatalogueFilter): readonly Listed[] {
  const words = (filter.q ?? '')
    .toLowerCase()
    .replaceAll('_', ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  return items
    .filter((one) => {
      const text = textOf(one).replaceAll('_', ' ');
      return words.every((word) => text.includes(word));
    })
    .filter((one) => filter.capability === undefined || one.capabilities.includes(filter.capability))
    .filter((one) => filter.effect === undefined || one.actions.some(({ effect }) => effect === filter.effect))
    .filter((one) => filter.grade === undefined || (one.grade?.letter ?? 'none') === filter.grade)
    .filter((one) => filter.connected === undefined || one.connections.enabled > 0 === (filter.connected === 'yes'))
    .toSorted(
      (a, b) => Number(b.connections.total > 0) - Number(a.connections.total > 0) || a.title.localeCompare(b.title),
    );
}

/** The classes of the actions of a connector, without repetition, from harmless to final. */
export function classesOf(actions: Listed['actions']): readonly string[] {
  const order = ['read', 'notify', 'change', 'contain', 'destroy'];
  return order.filter((effect) => actions.some((action) => action.effect === effect));
}

/** An id that is free, made of a title: `Perimeter firewall` gives `perimeter_firewall`. */
export function idFrom(title: string, taken: readonly string[]): string {
  const base =
    title
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+/, '')
      .replace(/_+$/, '')
      .slice(0, 50) || 'connection';
  let id = base;
  for (let count = 2; taken.includes(id); count++) id = `${base}_${count}`;
  return id;
}

/** The grade above a grade, and what it asks for that does not hold, in words; undefined above A. */
export function nextGrade({
  letter,
  facts,
}: Grade): { readonly letter: 'A' | 'B' | 'C'; readonly missing: readonly string[] } | undefined {
  const next = ({ '-': 'C', C: 'B', B: 'A' } as const)[letter as '-' | 'B' | 'C'];
  if (!next) return undefined;
  const missing = facts.filter((one) => !one.holds && one.for >= next).map(({ fact }) => factWords(fact));
  return { letter: next, missing };
}
