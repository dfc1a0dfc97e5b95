/**
 * The name of the cookie: browsers share cookies among all ports of a host, so that two installations on one machine need
 * two names. `__Host-` has the browser hold that it came over a secure way, for this host only (RFC 6265bis, 4.1.3.2).
 */
export function cookieName(installation: string): string {
  return `__Host-counterpoint-${installation.replaceAll('-', '').slice(-8)}`;
}
