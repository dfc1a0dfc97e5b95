/** The two halves of a participant's token. */
export interface ParticipantTokenParts {
  /** Id of the credential. */
  readonly id: string;
  readonly secret: string;
}

const TOKEN = /^cpp_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** Writes a participant's token: `cpp_<id>_<secret>`, a UUID and 256 bits as base64url. */
export function formatParticipantToken({ id, secret }: ParticipantTokenParts): string {
  return `cpp_${id}_${secret}`;
}

/** Reads a participant's token; undefined when it is none. */
export function parseParticipantToken(text: string): ParticipantTokenParts | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id && secret ? { id, secret } : undefined;
}
