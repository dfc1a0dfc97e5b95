import { isIP } from 'node:net';
import { addressAllowed, type NetworkScope } from './address.ts';

/** Where a connection may send: its network scope and its hosts. */
export interface Reach {
  readonly network: NetworkScope;
  /** `host` (standard port of the scheme) or `host:port`. */
  readonly allowedHosts: readonly string[];
}

/** Where a request goes, or why it may not. */
export type Verdict =
  | { readonly allowed: true; readonly url: URL }
  | { readonly allowed: false; readonly host: string; readonly reason: string };

const STANDARD_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/**
 * The one spelling of `host` or `host:port`: lower case, punycode, IPv4 and IPv6 canonical, no trailing dot, the port
 * left out when it is `standardPort`. Undefined when it is not a host.
 */
function normalizeHost(entry: string, standardPort: string): string | undefined {
  if (/[\s/?#@\\]/.test(entry)) return undefined;
  const bracketed = isIP(entry) === 6 ? `[${entry}]` : entry;
  // The URL parser would swallow ":80", so the port is read first.
  const port = /:(\d{1,5})$/.exec(bracketed.replace(/^\[[^\]]*\]/, ''))?.[1];
  const url = URL.parse(`http://${bracketed}/`);
  if (!url) return undefined;
  const host = bareHost(url.hostname);
  return port === undefined || port === standardPort ? host : `${host}:${port}`;
}

function bareHost(hostname: string): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}

/** The address inside `[…]`, or the host as it is. */
export function literalOf(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : bareHost(hostname);
}

/**
 * Judges a URL before anything is looked up or sent: scheme, credentials in it, host and port against the allowed
 * hosts, and IP literals (in whatever spelling; the URL parser makes them canonical) against the network scope. Names
 * are judged again when they are looked up.
 *
 * @param from The URL that redirected here, if one did.
 */
export function judgeDestination(text: string, reach: Reach, from?: URL): Verdict {
  const url = URL.parse(text, from?.href);
  if (!url) return { allowed: false, host: 'an unreadable address', reason: 'the URL cannot be read' };
  const host = url.host === '' ? 'a URL without host' : url.host;
  const refuse = (reason: string): Verdict => ({ allowed: false, host, reason });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`the scheme ${url.protocol.slice(0, -1)} is not http or https`);
  }
  if (url.username !== '' || url.password !== '') return refuse('the URL carries a user name or password');
  if (url.protocol === 'http:' && reach.network === 'public') {
    return refuse('http without TLS is for private and lab networks only');
  }
  if (from?.protocol === 'https:' && url.protocol === 'http:') return refuse('the redirect leaves TLS');
  const literal = literalOf(url.hostname);
  if (isIP(literal) !== 0 && !addressAllowed(literal, reach.network)) {
    return refuse(`the address is outside the network scope "${reach.network}"`);
  }
  const standardPort = STANDARD_PORTS[url.protocol] as string;
  const wanted = normalizeHost(url.host, standardPort);
  const known = reach.allowedHosts.some((entry) => normalizeHost(entry, standardPort) === wanted);
  return known ? { allowed: true, url } : refuse("it is not one of the connection's allowed hosts");
}
