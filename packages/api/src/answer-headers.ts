/** What an answer of the API carries: only for who asked, never kept, never read as anything but what it is. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The same for a stream of server-sent events, which no proxy may hold back. */
export const streamHeaders: Readonly<Record<string, string>> = {
  ...answerHeaders,
  'content-type': 'text/event-stream',
  'x-accel-buffering': 'no',
};
