/** What the content security policy of this answer asks of every style that a script adds. */
export function cspNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';
}
