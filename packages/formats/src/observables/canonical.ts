import { type Address, parseAddress } from './addresses.ts';
import { canonicalDomain } from './domains.ts';
import { baseName } from './file-names.ts';
import { hashTypeOf, type Observable, type ObservableType } from './observable.ts';
import { refang } from './refang.ts';
import { canonicalUrl } from './urls.ts';

// RFC 5321 §4.1.2 dot-string, with the letters of RFC 6531.
const EMAIL_LOCAL = /^[\w!#$%&'*+/=?^`{|}~.\-\u00a1-\uffff]+$/;
const BAD_DOTS = /^\.|\.\.|\.$/;
const CVE = /^CVE[-_](\d{4})[-_](\d{4,19})$/i;
const MAC = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$|^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i;
const NO_ACCOUNT = new Set(['-', 'n/a', 'na', 'none', 'null', 'unknown', '(unknown)', 'undefined']);

/** An e-mail address in lower case with its domain in punycode, or undefined. */
export function canonicalEmail(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (at < 1 || at > 64 || !EMAIL_LOCAL.test(local) || BAD_DOTS.test(local)) return undefined;
  const domain = canonicalDomain(text.slice(at + 1));
  return domain === undefined ? undefined : `${local.toLowerCase()}@${domain}`;
}

/** A MAC address as six lower-case pairs with colons, from any of the usual notations; else undefined. */
export function canonicalMac(text: string): string | undefined {
  if (text.length > 17 || !MAC.test(text)) return undefined;
  return text
    .toLowerCase()
    .replaceAll(/[:.-]/g, '')
    .replaceAll(/(..)(?=.)/g, '$1:');
}

/** A CVE id with dashes in upper case, also from `cve_2021_44228`; else undefined. */
export function canonicalCve(text: string): string | undefined {
  const match = CVE.exec(text);
  return match === null ? undefined : `CVE-${match[1]}-${match[2]}`;
}

/** Lower-case hexadecimal of the right length, without numbers and fillers such as a row of zeros; else undefined. */
export function canonicalHash(text: string): string | undefined {
  if (hashTypeOf(text.length) === undefined || !/^[0-9a-f]+$/i.test(text)) return undefined;
  return /^\d+$/.test(text) || /^(.)\1+$/.test(text) ? undefined : text.toLowerCase();
}

function canonicalAccount(text: string): string | undefined {
  return text === '' || text.length > 256 || /\p{Cc}/u.test(text) || NO_ACCOUNT.has(text.toLowerCase())
    ? undefined
    : text;
}

function simpleValue(type: ObservableType, text: string): string | undefined {
  switch (type) {
    case 'domain-name':
      return canonicalDomain(text);
    case 'url':
      return canonicalUrl(text)?.value;
    case 'email-addr':
      return canonicalEmail(text.replace(/^mailto:/i, ''));
    case 'vulnerability':
      return canonicalCve(text);
    case 'mac-addr':
      return canonicalMac(text);
    case 'file:name':
      return baseName(text);
    case 'user-account':
      return canonicalAccount(text);
    default:
      return hashTypeOf(text.length) === type ? canonicalHash(text) : undefined;
  }
}

/** An address as an observable. */
export function addressObservable(address: Address, raw: string, offset: number): Observable {
  const { type, value } = address;
  return address.private ? { type, value, raw, offset, private: true } : { type, value, raw, offset };
}

/**
 * One value of a stated type, checked and brought to canonical form; undefined when it is none. Defanged values are
 * understood. The two address types accept each other's values: the result has the type that the value really is.
 */
export function observableOf(type: ObservableType, raw: string): Observable | undefined {
  const literal = type === 'file:name' || type === 'user-account';
  const text = literal ? raw.trim() : refang(raw.trim());
  if (type === 'ipv4-addr' || type === 'ipv6-addr') {
    const address = parseAddress(text);
    return address === undefined ? undefined : addressObservable(address, raw, 0);
  }
  const value = simpleValue(type, text);
  return value === undefined ? undefined : { type, value, raw, offset: 0 };
}

/** The canonical form of one value of a stated type, or undefined when it is none; see {@link observableOf}. */
export function canonicalise(type: ObservableType, raw: string): string | undefined {
  return observableOf(type, raw)?.value;
}
