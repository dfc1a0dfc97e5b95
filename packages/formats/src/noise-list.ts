import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { errors } from './errors.ts';
import { octetMask, parseAddress } from './observables/addresses.ts';
import type { ObservableType } from './observables/observable.ts';

/** What to ignore, as plain data. Every member is optional. */
export interface NoiseDocument {
  /** Canonical values of any type, compared exactly (without regard to case). */
  readonly values?: readonly string[];
  /** Domains; each also covers what lies below it, and URLs and e-mail addresses there. */
  readonly domains?: readonly string[];
  /** Networks or single addresses; URLs to an address inside count too. */
  readonly cidrs?: readonly string[];
  /** Texts that a value of any type may contain. */
  readonly substrings?: readonly string[];
  /** Values of one type by a pattern in which `*` stands for any text. */
  readonly patterns?: readonly { readonly type: ObservableType; readonly glob: string }[];
}

/** A compiled {@link NoiseDocument}. */
export interface NoiseList {
  /** Whether a canonical value of this type is noise. */
  readonly matches: (type: ObservableType, value: string) => boolean;
}

/**
 * Compiles a noise list. Look-ups cost the same however long `values`, `domains` and `cidrs` are.
 *
 * @throws formats.noise_cidr_invalid
 */
export function noiseList(document: NoiseDocument): NoiseList {
  const values = new Set((document.values ?? []).map((value) => value.toLowerCase()));
  const domains = new Set((document.domains ?? []).map((domain) => domain.toLowerCase().replace(/^\.|\.$/g, '')));
  const networks = new NetworkSet(document.cidrs ?? []);
  const substrings = (document.substrings ?? []).map((text) => text.toLowerCase());
  const patterns = document.patterns ?? [];
  const byHost = (host: string) => (isIP(host) === 0 ? underDomain(domains, host) : networks.has(host));
  return {
    matches: (type, value) => {
      const lower = value.toLowerCase();
      if (values.has(lower)) return true;
      const host = hostOf(type, lower);
      if (host !== undefined && byHost(host)) return true;
      if (substrings.some((text) => lower.includes(text))) return true;
      return patterns.some((pattern) => pattern.type === type && globMatches(pattern.glob.toLowerCase(), lower));
    },
  };
}

/** One list that matches what any of the given ones matches. */
export function anyNoise(...lists: readonly NoiseList[]): NoiseList {
  return { matches: (type, value) => lists.some((list) => list.matches(type, value)) };
}

function hostOf(type: ObservableType, value: string): string | undefined {
  if (type === 'domain-name' || type === 'ipv4-addr' || type === 'ipv6-addr') return value.split('/', 1)[0];
  if (type === 'email-addr') return value.slice(value.lastIndexOf('@') + 1);
  if (type !== 'url') return undefined;
  const host = /^[^/]+:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)/.exec(value)?.[1];
  return host?.replace(/^\[|\]$/g, '');
}

function underDomain(domains: ReadonlySet<string>, host: string): boolean {
  for (let rest = host; rest !== ''; ) {
    if (domains.has(rest)) return true;
    const dot = rest.indexOf('.');
    rest = dot === -1 ? '' : rest.slice(dot + 1);
  }
  return false;
}

/** Greedy matching that goes back to the last star only, so its cost is bounded by the product of the two lengths. */
function globMatches(glob: string, value: string): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let mark = 0;
  while (index < value.length) {
    if (glob[at] === '*') {
      star = at++;
      mark = index;
    } else if (glob[at] === value[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      index = ++mark;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

/** Networks by prefix length, so that a look-up asks once for each length that occurs. */
class NetworkSet {
  readonly #byPrefix = new Map<string, { readonly prefix: number; readonly networks: Set<string> }>();

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const parsed = parseAddress(cidr.trim());
      if (parsed === undefined) throw errors.noise_cidr_invalid({ value: cidr });
      const [network = '', length] = parsed.value.split('/');
      const bytes = ipaddr.parse(network).toByteArray();
      const prefix = length === undefined ? bytes.length * 8 : Number(length);
      const key = `${bytes.length}/${prefix}`;
      const entry = this.#byPrefix.get(key) ?? { prefix, networks: new Set<string>() };
      entry.networks.add(masked(bytes, prefix));
      this.#byPrefix.set(key, entry);
    }
  }

  has(address: string): boolean {
    if (this.#byPrefix.size === 0) return false;
    const bytes = ipaddr.parse(address).toByteArray();
    for (const [key, { prefix, networks }] of this.#byPrefix) {
      if (key.startsWith(`${bytes.length}/`) && networks.has(masked(bytes, prefix))) return true;
    }
    return false;
  }
}

function masked(bytes: readonly number[], prefix: number): string {
  return String.fromCharCode(...bytes.map((byte, index) => byte & octetMask(prefix - index * 8)));
}
