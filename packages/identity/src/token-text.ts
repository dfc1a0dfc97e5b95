/** The two halves of an API token. */
export interface TokenParts {
  readonly id: string;
  readonly secret: string;
}

const TOKEN = /^cpt_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
const BEARER = /^bearer +(\S+) *$/i;
const LONGEST_HEADER = 1_024;

/** Writes an API token: `cpt_<id>_<secret>`, a UUID and 256 bits as base64url. */
export function formatToken(parts: TokenParts): string {
  return `cpt_${parts.id}_${parts.secret}`;
}

/** Reads an API token; undefined when it is none. */
export function parseToken(text: string): TokenParts | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id && secret ? { id, secret } : undefined;
}

/** The credentials of an `Authorization: Bearer …` header (RFC 6750 §2.1); undefined for anything else. */
export function bearerOf(header: string): string | undefined {
  return header.length > LONGEST_HEADER ? undefined : BEARER.exec(header)?.[1];
}
