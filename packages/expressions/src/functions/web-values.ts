import { domainToASCII } from 'node:url';
import { loadLater } from '@counterpoint/core';
import { formatAddress, parseAddress } from './addresses.ts';

// The public suffix list: eleven megabytes in memory.
const suffixes = loadLater<typeof import('tldts')>('tldts', import.meta.url);
const MAX_URL = 8_192;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * A domain name in canonical form: lower case, ASCII (IDNA), no trailing dot; at least two labels of RFC 1123 §2.1
 * form (a leading underscore allowed, as in `_dmarc`), at most 253 characters, and not just a public suffix.
 */
export function canonicalDomain(text: string): string | undefined {
  if (text.length > 300 || /[\s/\\@:?#%]/.test(text)) return undefined;
  const ascii = domainToASCII(text.replace(/\.$/, '')).toLowerCase();
  const labels = ascii.split('.');
  if (labels.length < 2 || ascii.length > 253 || parseAddress(ascii)) return undefined;
  if (!labels.every((label) => LABEL.test(label.replace(/^_/, ''))) || /^\d+$/.test(labels.at(-1) ?? ''))
    return undefined;
  const { domain, isIcann, isPrivate } = suffixes().parse(ascii, {
    allowPrivateDomains: true,
    validateHostname: false,
  });
  return (isIcann || isPrivate) && domain === null ? undefined : ascii;
}

/** The domain that is registered (public suffix plus one label), or undefined. */
export function registeredDomain(text: string): string | undefined {
  const host = hostOf(text);
  return host === undefined ? undefined : (suffixes().parse(host, { validateHostname: false }).domain ?? undefined);
}

/** An e-mail address with its domain in canonical form; the local part is kept, as only its server may compare it. */
export function canonicalEmail(text: string): string | undefined {
  const split = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, split));
  const domain = canonicalDomain(text.slice(split + 1));
  const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
  return domain !== undefined && local.length <= 64 && dotAtom.test(local) ? `${local}@${domain}` : undefined;
}

/** Parses a URL (WHATWG), with neither control characters nor white space in it. */
export function parseWebUrl(text: string): URL | undefined {
  if (text.length > MAX_URL || /[\p{Cc}\s]/u.test(text)) return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * An http or https URL in canonical form (WHATWG serialisation), without user name, password and fragment: they do
 * not reach the resource's address, and look-alikes hide there.
 */
export function canonicalUrl(text: string): string | undefined {
  const url = parseWebUrl(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return undefined;
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}

/** The host that a URL, an e-mail address or a host name names. */
export function hostOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.includes('://')) return parseWebUrl(trimmed)?.hostname || undefined;
  const host = trimmed.slice(trimmed.lastIndexOf('@') + 1).toLowerCase();
  const address = parseAddress(host);
  return address ? formatAddress(address) : canonicalDomain(host);
}

const HASH_TYPES: Readonly<Record<number, string>> = {
  32: 'md5',
  40: 'sha1',
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

/** The kind of a hash by its length in hex digits, or undefined. */
export function hashType(text: string): string | undefined {
  return /^[0-9a-f]+$/i.test(text) ? HASH_TYPES[text.length] : undefined;
}

/** The text with links made harmless: `hxxp`, and `[.]` and `[@]` between letters and digits. */
export function defang(text: string): string {
  return text
    .replace(/\bhttp(s?):\/\//gi, 'hxxp$1://')
    .replace(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, '[.]')
    .replace(/(?<=[\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, '[@]');
}

/** The reverse of {@link defang}, also for the other usual ways of writing it. */
export function refang(text: string): string {
  return text
    .replace(/\bh(?:xx|\*\*|tt)p(s?)(?::\/\/|\[:\/\/\]|\[:\]\/\/)/gi, 'http$1://')
    .replace(/\s?[[({](?:\.|dot)[\])}]\s?/gi, '.')
    .replace(/\s?[[({](?:@|at)[\])}]\s?/gi, '@')
    .replace(/\[:\]/g, ':');
}
