import type { NoiseList } from '../noise-list.ts';
import { isIpv4, parseAddress } from './addresses.ts';
import { addressObservable, canonicalCve, canonicalEmail, canonicalHash, canonicalMac } from './canonical.ts';
import { hasPublicSuffix, publicDomain } from './domains.ts';
import { isFileName } from './file-names.ts';
import { hashTypeOf, type Observable, type ObservableType } from './observable.ts';
import { type Refanged, refangWithOffsets } from './refang.ts';
import { canonicalUrl, MAX_URL_LENGTH, SCHEMES } from './urls.ts';

/** What to leave out, and where to stop. */
export interface ExtractOptions {
  /** Values that say nothing; none by default. See `defaultNoise`. */
  readonly noise?: NoiseList | undefined;
  /** The most distinct observables to return. Default {@link DEFAULT_LIMIT}. */
  readonly limit?: number | undefined;
}

/** How many distinct observables are returned when nothing else is said. */
export const DEFAULT_LIMIT = 1000;

// One pass over maximal runs: no character is looked at again by a later match, so the scan is linear. What a URL may
// hold is counted, since an alternation without bound keeps a place on the stack for every character.
const NOT_URL = '\\s<>"`{}|\\\\^\\x00-\\x1f\\x7f-\\x9f';
const RUN = new RegExp(
  `(?<![a-z0-9])(?:${SCHEMES})://(?:[^${NOT_URL},;]|[,;](?!https?://)){1,${MAX_URL_LENGTH}}|[\\w.%+@:\\-\\u00b7\\u00c0-\\u1fff\\u3040-\\ud7ff\\uf900-\\ufdff]+`,
  'gi',
);
const URL_END = new RegExp(`[${NOT_URL},;]`, 'g');
const ENDS_IN_SCHEME = new RegExp(`(?<![a-z0-9])(?:${SCHEMES}):$`, 'i');
const CVE = /(?<![a-z0-9])CVE[-_]\d{4}[-_]\d{4,19}(?!\d)/gi;
const LONG_RUN = /(?<![0-9a-z])[0-9a-z]{32,128}(?![0-9a-z])/gi;
/** The shortest thing that is found: `::1`, `a.b`. */
const SHORTEST = 3;
const SHORTEST_ID = 'CVE-1999-0001'.length;
const LEADING = /^[.\-+%·]+/;
const CIDR_SUFFIX = /\/\d{1,3}(?![\w/]|\.\d)/y;
// Turns away what cannot be a URL before the costly parser sees it.
const PLAUSIBLE_URL = /^[^/]+:\/\/(?:[^/?#@[\]]*@)?(?:\[[0-9a-f:.]{2,45}\]|[^/?#[\]@:]+)/i;

/** Where a search stands: the text, what was found, what to leave out. */
interface Search {
  readonly source: string;
  readonly refanged: Refanged;
  readonly text: string;
  readonly noise: NoiseList | undefined;
  readonly limit: number;
  readonly found: Map<string, Observable>;
  /** Mailboxes already read, by what was written: the same one often stands in a mail a hundred times. */
  readonly mailboxes: Map<string, Mailbox | undefined>;
  /** URLs already read, as written. */
  readonly urls: Set<string>;
}

interface Mailbox {
  readonly local: string;
  readonly domain: string;
  readonly value: string;
}

const CACHE_SIZE = 2048;

/**
 * Finds the observables of any text, defanged ones too, each once and in the order of their first place. Linear in the
 * length of the text.
 *
 * - A URL also gives its host and the URL that its path or query leads to, an e-mail address its domain. A URL has a known scheme; of one longer than 4,096
 *   characters only the host is given.
 * - A domain lies below a public suffix; one whose last label mixes capitals (`System.Net`) is taken for code.
 * - A dotted name that ends in a file extension is a file name: see `isFileName`. Names inside URLs are not file names.
 * - `2001:db8::/32` and `192.0.2.0/24` are one observable, a network; `192.0.2.7/24` is the address alone.
 */
export function extractObservables(text: string, options: ExtractOptions = {}): readonly Observable[] {
  const refanged = refangWithOffsets(text);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const { noise } = options;
  const mailboxes = new Map<string, Mailbox | undefined>();
  const memory = { found: new Map<string, Observable>(), mailboxes, urls: new Set<string>() };
  const search: Search = { source: text, refanged, text: refanged.text, noise, limit, ...memory };
  scanRuns(search);
  const runs = [...search.found.values()].slice(0, limit);
  search.found.clear();
  scanEverywhere(search);
  const all = [...runs, ...search.found.values()].sort((a, b) => a.offset - b.offset);
  return all.slice(0, limit);
}

function scanRuns(search: Search): void {
  const { text } = search;
  for (let from = 0; !isFull(search); ) {
    RUN.lastIndex = from;
    const match = RUN.exec(text);
    if (match === null) return;
    const run = match[0];
    from = match.index + run.length;
    if (run.includes('://')) {
      takeUrl(search, match.index, run);
      if (run.length > MAX_URL_LENGTH) from = urlEnd(text, from);
    } else {
      const scheme = text.startsWith('//', from) && run.endsWith(':') ? ENDS_IN_SCHEME.exec(run.slice(-12)) : null;
      const length = run.length - (scheme?.[0].length ?? 0);
      // `url:http://…`: the scheme belongs to the next run, unless it is all there is of this one.
      if (length > 0) from = match.index + length;
      takeRun(search, match.index, length > 0 ? run.slice(0, length) : run);
    }
  }
}

/** Where a URL that is too long to keep ends at last. */
function urlEnd(text: string, from: number): number {
  URL_END.lastIndex = from;
  return URL_END.exec(text)?.index ?? text.length;
}

/** Ids and hashes are found wherever they stand, inside URLs and names too. */
function scanEverywhere(search: Search): void {
  if (search.text.length < SHORTEST_ID) return;
  for (const match of search.text.matchAll(CVE)) {
    if (isFull(search)) return;
    const value = canonicalCve(match[0]);
    if (value !== undefined) add(search, 'vulnerability', value, match.index, match[0].length);
  }
  for (const match of search.text.matchAll(LONG_RUN)) {
    if (isFull(search)) return;
    const type = hashTypeOf(match[0].length);
    const value = type === undefined ? undefined : canonicalHash(match[0]);
    if (type !== undefined && value !== undefined) add(search, type, value, match.index, match[0].length);
  }
}

function isFull(search: Search): boolean {
  return search.found.size >= search.limit;
}

function place(search: Search, start: number, length: number): { readonly raw: string; readonly offset: number } {
  const offset = search.refanged.toOriginal(start);
  const end = search.refanged.toOriginal(start + length);
  return { raw: search.source.slice(offset, end), offset };
}

function add(search: Search, type: ObservableType, value: string, start: number, length: number): void {
  const key = `${type} ${value}`;
  if (search.found.has(key) || search.noise?.matches(type, value) === true) return;
  search.found.set(key, { type, value, ...place(search, start, length) });
}

function addAddress(search: Search, text: string, start: number): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  const key = `${address.type} ${address.value}`;
  if (!search.found.has(key) && search.noise?.matches(address.type, address.value) !== true) {
    const { raw, offset } = place(search, start, text.length);
    search.found.set(key, addressObservable(address, raw, offset));
  }
  return true;
}

/** Closing brackets and full stops behind a URL belong to the sentence, unless the URL opened the bracket. */
function trimUrl(run: string): string {
  const balance = { ')': 0, ']': 0 };
  for (let index = 0; index < run.length; index++) {
    const char = run[index];
    if (char === '(') balance[')'] += 1;
    else if (char === '[') balance[']'] += 1;
    else if (char === ')' || char === ']') balance[char] -= 1;
  }
  let end = run.length;
  for (; end > 0; end--) {
    const char = run[end - 1] as string;
    if ((char === ')' || char === ']') && balance[char] < 0) balance[char] += 1;
    else if (!".,;:!?'".includes(char)) break;
  }
  return run.slice(0, end);
}

function takeUrl(search: Search, start: number, run: string, inner = false): void {
  const long = run.length > MAX_URL_LENGTH;
  const text = long ? (/^[^/]+:\/\/[^/?#]{0,300}/.exec(run)?.[0] ?? '') : trimUrl(run);
  if (search.urls.has(text)) return;
  if (search.urls.size < CACHE_SIZE) search.urls.add(text);
  const url = PLAUSIBLE_URL.test(text) ? canonicalUrl(text) : undefined;
  if (url === undefined) return;
  if (!long) add(search, 'url', url.value, start, text.length);
  if (!inner && !long) takeInnerUrl(search, start, text);
  const authority = /^[^/]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
  const user = authority.lastIndexOf('@') + 1;
  const host = authority.slice(user).replace(/:\d{0,5}$/, '');
  const hostStart = start + text.indexOf('://') + 3 + user;
  if (url.address !== undefined) {
    addHostAddress(search, url.address.value, host, hostStart);
  } else if (url.domain !== undefined && hasPublicSuffix(url.domain)) {
    add(search, 'domain-name', url.domain, hostStart, host.length);
  }
}

/** Where a redirect or a link protection service leads; one level, so that the work per URL stays bounded. */
function takeInnerUrl(search: Search, start: number, text: string): void {
  const match = /.https?(?::\/\/|%3a%2f%2f)/i.exec(text);
  if (match === null) return;
  const at = match.index + 1;
  if (!match[0].includes('%')) {
    takeUrl(search, start + at, text.slice(at), true);
    return;
  }
  const written = text.slice(at).split(/[&#]/, 1)[0] ?? '';
  const url = canonicalUrl(decoded(written));
  if (url === undefined) return;
  add(search, 'url', url.value, start + at, written.length);
  if (url.address !== undefined) addHostAddress(search, url.address.value, written, start + at);
  else if (url.domain !== undefined && hasPublicSuffix(url.domain)) {
    add(search, 'domain-name', url.domain, start + at, written.length);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** The host of a URL may be written in a form (`[::1]`, `0x7f.1`) that only the URL standard reads. */
function addHostAddress(search: Search, value: string, host: string, start: number): void {
  const address = parseAddress(value);
  if (address === undefined || search.noise?.matches(address.type, address.value) === true) return;
  const key = `${address.type} ${address.value}`;
  if (search.found.has(key)) return;
  const { raw, offset } = place(search, start, host.length);
  search.found.set(key, addressObservable(address, raw, offset));
}

function takeRun(search: Search, start: number, run: string): void {
  if (run.length < SHORTEST) return;
  if (run.includes('@')) takeMailboxes(search, start, run);
  else takeColons(search, start, run);
}

/** Each at sign looks at its own neighbours only; what is no mailbox (`root@192.0.2.7`) is read part by part. */
function takeMailboxes(search: Search, start: number, run: string): void {
  let isDomain = false;
  for (let from = 0; from <= run.length; ) {
    const at = indexOrEnd(run, '@', from);
    const mailbox = at === from || at === run.length ? undefined : mailboxAt(search, run, from, at);
    if (mailbox !== undefined) {
      const { local, domain, value } = mailbox;
      add(search, 'email-addr', value, start + at - local.length, local.length + 1 + domain.length);
      add(search, 'domain-name', value.slice(value.lastIndexOf('@') + 1), start + at + 1, domain.length);
    } else if (!isDomain && at - from >= SHORTEST) {
      takeColons(search, start + from, run.slice(from, at));
    }
    isDomain = mailbox !== undefined;
    from = at + 1;
  }
}

function indexOrEnd(text: string, char: string, from: number): number {
  const index = text.indexOf(char, from);
  return index === -1 ? text.length : index;
}

function mailboxAt(search: Search, run: string, from: number, at: number): Mailbox | undefined {
  const tail = run.slice(Math.max(from, at - 65), at);
  const right = run.slice(at + 1, at + 257).split('@', 1)[0] ?? '';
  const local = tail.slice(tail.lastIndexOf(':') + 1).replace(LEADING, '');
  const domain = trimEnd(right.slice(0, indexOrEnd(right, ':', 0)));
  if (local === '' || local.length > 64 || domain.length > 253 || !domain.includes('.')) return undefined;
  const written = `${local}@${domain}`;
  const known = search.mailboxes.get(written);
  if (known !== undefined || search.mailboxes.has(written)) return known;
  const value = canonicalEmail(written);
  const valid = value !== undefined && hasPublicSuffix(value.slice(value.lastIndexOf('@') + 1));
  const mailbox = valid ? { local, domain, value } : undefined;
  if (search.mailboxes.size < CACHE_SIZE) search.mailboxes.set(written, mailbox);
  return mailbox;
}

const TRAILING = new Set(['.', '-', '+', '%', ':', '_', '·']);

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && TRAILING.has(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}

function takeColons(search: Search, start: number, run: string): void {
  if (!run.includes(':')) {
    takeAtom(search, start, run, false);
    return;
  }
  if (run.length <= 80 && takeSixOrMac(search, start, run)) return;
  for (let from = 0; from <= run.length; ) {
    const colon = indexOrEnd(run, ':', from);
    if (colon - from >= SHORTEST) {
      const port = colon < run.length && /^\d{1,5}$/.test(run.slice(colon + 1, colon + 7));
      takeAtom(search, start + from, run.slice(from, colon), port);
    }
    from = colon + 1;
  }
}

function takeSixOrMac(search: Search, start: number, run: string): boolean {
  const text = run.replace(/[.%+-]+$/, '').replace(/(?<!:):$/, '');
  const mac = canonicalMac(text);
  if (mac !== undefined) {
    add(search, 'mac-addr', mac, start, text.length);
    return true;
  }
  if (!/^[0-9a-f:.]+(?:%[\w.-]+)?$/i.test(text) || !/\d/.test(text) || text.indexOf(':') === text.lastIndexOf(':')) {
    return false;
  }
  return addAddress(search, withPrefix(search, start, text), start);
}

/**
 * The text with the `/24` that follows it, when together they name a network. With host bits set they do not:
 * `203.0.113.5/22` is a port in many firewall logs, and nobody wants a whole network blocked for it.
 */
function withPrefix(search: Search, start: number, text: string): string {
  CIDR_SUFFIX.lastIndex = start + text.length;
  const suffix = CIDR_SUFFIX.exec(search.text)?.[0];
  if (suffix === undefined) return text;
  const network = parseAddress(text + suffix)?.value.split('/', 1)[0];
  return network !== undefined && network === parseAddress(text)?.value ? text + suffix : text;
}

/** A piece without at signs and colons: an address, a MAC address, a file name, or a domain. */
function takeAtom(search: Search, start: number, atom: string, port: boolean): void {
  if (atom.length > 300) return;
  const head = LEADING.exec(atom)?.[0].length ?? 0;
  const text = trimEnd(atom.slice(head));
  const at = start + head;
  if (text.length < SHORTEST || !(text.includes('.') || text.includes('-'))) return;
  if (isIpv4(text)) {
    if (!isProductVersion(search.text, at, text)) addAddress(search, withPrefix(search, at, text), at);
    return;
  }
  const mac = canonicalMac(text);
  if (mac !== undefined) {
    add(search, 'mac-addr', mac, at, text.length);
    return;
  }
  const dash = text.indexOf('-');
  if (dash > 0 && isIpv4(text.slice(0, dash))) {
    // A range: both ends.
    addAddress(search, text.slice(0, dash), at);
    takeAtom(search, at + dash + 1, text.slice(dash + 1), false);
    return;
  }
  if (!text.includes('.')) return;
  const before = search.text[at - 1] ?? '';
  const host = port || place(search, at, text.length).raw !== text;
  if (isFileName(text, { before, host })) add(search, 'file:name', text, at, text.length);
  else takeDomain(search, at, text, host);
}

/** `Chrome/120.0.0.0` is the reduced version of a browser, not an address. */
function isProductVersion(text: string, at: number, address: string): boolean {
  return /[a-z]\/$/i.test(text.slice(Math.max(0, at - 2), at)) && /^\d+\.0\.0\.0$/.test(address);
}

function takeDomain(search: Search, at: number, text: string, host: boolean): void {
  const top = text.slice(text.lastIndexOf('.') + 1);
  const codeLike = /[A-Z]/.test(top) && /[a-z]/.test(text);
  if (codeLike && !host) return;
  const domain = publicDomain(text);
  if (domain !== undefined) add(search, 'domain-name', domain, at, text.length);
}
