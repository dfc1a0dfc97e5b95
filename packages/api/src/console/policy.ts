/**
 * What a browser may do with the console: run its own scripts, speak to this server, and nothing else. Styles that scripts
 * add carry the nonce of the answer. What scripts write as markup passes the one policy of the console (Trusted Types), which
 * lets through only what cannot be markup; see docs/decisions/0011.
 */
export function consoleHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types default',
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...fileHeaders,
    'cache-control': 'no-store',
  };
}

/** On every file of the console: it is what it says, it is for this origin, and where one came from is nobody's business. */
export const fileHeaders: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
