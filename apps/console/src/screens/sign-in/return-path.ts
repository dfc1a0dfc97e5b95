const SOMEWHERE = 'http://console.invalid';

/** Where people go after signing in: the screen that they wanted, when it is one of ours; else the overview. */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])[^\s\\]*$/.test(wanted)) return '/';
  const url = URL.parse(wanted, SOMEWHERE);
  if (!url || url.origin !== SOMEWHERE || /^\/(sign-in|welcome)(\/|$)/.test(url.pathname)) return '/';
  // `/..//x` is read as `//x`, which names another server.
  return url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}${url.hash}`;
}
