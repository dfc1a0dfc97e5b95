import type { ObservableRow, Query, Reader } from '@counterpoint/events';
import { refang } from '@counterpoint/formats';
import { readObservableIf } from './observables.ts';
import { reversedDomain } from './reversed-domain.ts';

/** Shorter beginnings mean too much. */
const SHORTEST = 3;
const MOST = 500;
/** A network whose addresses all begin alike. */
const NETWORK = /^((?:\d{1,3}\.){1,3})(?:0\.)*0?\/(8|16|24)$/;

function domainBelow(text: string): string | undefined {
  const domain = /^\*?\.([^.*].*)$/.exec(text)?.[1];
  if (domain === undefined) return undefined;
  const known = readObservableIf(domain);
  return known?.type === 'domain-name' ? known.value : domain.toLowerCase();
}

/** What every address of a network begins with; undefined where that does not tell them. */
function networkStart(text: string): string | undefined {
  const [, octets = '', size] = NETWORK.exec(text) ?? [];
  const count = Number(size) / 8;
  const parts = octets.split('.').slice(0, -1);
  return Number.isNaN(count) || parts.length < count ? undefined : `${parts.slice(0, count).join('.')}.`;
}

type Wanted = Pick<Query<ObservableRow>, 'where' | 'orderBy'>;

function beginning(start: string): Wanted | undefined {
  if (start.length < SHORTEST || /\s/.test(start)) return undefined;
  // Values are kept in small letters, but for paths of addresses in the web and names that people gave.
  const value = start.includes('/') ? start : start.toLowerCase();
  return { where: { value: { prefix: value } }, orderBy: [{ column: 'value' }] };
}

function wantedBy(text: string): Wanted | undefined {
  const domain = domainBelow(text);
  if (domain !== undefined) {
    return { where: { reversed: { prefix: reversedDomain(domain) } }, orderBy: [{ column: 'reversed' }] };
  }
  return beginning(networkStart(text) ?? (text.endsWith('*') ? text.slice(0, -1) : text));
}

/**
 * The observables that a text means which is none itself: `203.0.113.`, `10.20.0.0/16` and `4421ab*` those that begin so,
 * `*.example.com` and `.example.com` the domain and all below it. Defanged texts are read as they were. At most `limit`
 * (default 500), in the order of their values; none for a text of fewer than three letters, or with blanks in it.
 */
export async function observablesLike(reader: Reader, typed: string, limit = MOST): Promise<readonly ObservableRow[]> {
  const wanted = wantedBy(refang(typed.trim()));
  return wanted === undefined ? [] : reader.find('observables', { ...wanted, limit });
}

/** Ids of some, and whether there are more. */
export interface Bounded {
  readonly ids: readonly string[];
  readonly cut: boolean;
}

/** The observables that a text means: the one that it is as a whole, else those of {@link observablesLike}, at most 500. */
export async function observablesMeant(reader: Reader, typed: string): Promise<Bounded> {
  const text = refang(typed.trim());
  const exact = readObservableIf(text);
  if (exact && networkStart(text) === undefined) return { ids: [exact.id], cut: false };
  const like = await observablesLike(reader, text, MOST + 1);
  const ids = [...(exact ? [exact.id] : []), ...like.slice(0, MOST).map(({ id }) => id)];
  return { ids, cut: like.length > MOST };
}
