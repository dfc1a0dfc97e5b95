/** The two halves of a one-time token that an edge node joins with. */
export interface JoinTokenParts {
  /** Id of the credential. */
  readonly id: string;
  readonly secret: string;
}

const TOKEN = /^cpj_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** Writes a one-time token: `cpj_<id>_<secret>`, a UUID and 256 bits as base64url. */
export function formatJoinToken({ id, secret }: JoinTokenParts): string {
  return `cpj_${id}_${secret}`;
}

/** Reads a one-time token; undefined when it is none. */
export function parseJoinToken(text: string): JoinTokenParts | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id && secret ? { id, secret } : undefined;
}
