import { type Address, parseAddress } from './addresses.ts';
import { canonicalDomain } from './domains.ts';

/** The longest URL that is kept; of a longer one only the host is reported. */
export const MAX_URL_LENGTH = 4096;

/** The schemes of URLs that are found in prose, as a regular expression source. */
export const SCHEMES = 'https?|ftps?|sftp|ssh|telnet|wss?|ldaps?|rmi|dns|iiop|smb|tcp|udp|rdp|mongodb|gopher';

/** A URL in canonical form, with what its host is. */
export interface CanonicalUrl {
  readonly value: string;
  /** Canonical host: a domain name, or undefined for an address or a single label. */
  readonly domain: string | undefined;
  readonly address: Address | undefined;
}

/**
 * A URL as the WHATWG URL standard serialises it, so `HTTP://EXAMPLE.com:80/a/../b` is `http://example.com/b` and
 * `http://2130706433/` shows its address. Undefined when it does not parse or has no host.
 */
export function canonicalUrl(text: string): CanonicalUrl | undefined {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.hostname === '') return undefined;
  const address = parseAddress(url.hostname);
  const domain = address === undefined ? canonicalDomain(url.hostname) : undefined;
  return { value: withLowerHost(url), domain, address };
}

/** The standard lowers the host of http, https, ws, wss and ftp only. */
function withLowerHost(url: URL): string {
  const lower = url.host.toLowerCase();
  if (lower === url.host) return url.href;
  const user = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
  return `${url.protocol}//${user}${lower}${url.pathname}${url.search}${url.hash}`;
}
