import type { JsonObject } from '@counterpoint/core';
import type { CallResult } from '@counterpoint/sdk';

/** A participant as the list tells it. */
export type ListedParticipant = CallResult<'listParticipants'>['items'][number];

/** A participant with everything that is known of it. */
export type ParticipantDetails = CallResult<'getParticipant'>;
export type Credential = ParticipantDetails['credentials'][number];

/** How it proves who it is, in words. */
export const KINDS: Readonly<Record<ListedParticipant['kind'], string>> = {
  token: 'by token',
  certificate: 'by certificate',
  edge: 'edge node',
};

/** What a credential is called: the title of a token, the subject of a certificate. */
export function nameOfCredential({ kind, detail, id }: Credential): string {
  const fields = (typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : {}) as JsonObject;
  const name = kind === 'certificate' ? fields.subject : fields.title;
  return typeof name === 'string' && name !== '' ? name : id;
}

/** The clock of this browser, read every so often, may be behind that of the server. */
const SLACK = 120_000;

/** What a credential counts for now. @param now Unix milliseconds */
export function stateOfCredential(
  { revoked_at, not_before, not_after }: Pick<Credential, 'revoked_at' | 'not_before' | 'not_after'>,
  now: number,
): { readonly word: string; readonly tone: 'good' | 'bad' | 'warn' | 'calm' } {
  if (revoked_at !== null) return { word: 'revoked', tone: 'calm' };
  if (not_after !== null && not_after <= now) return { word: 'expired', tone: 'warn' };
  return not_before > now + SLACK ? { word: 'not valid yet', tone: 'warn' } : { word: 'valid', tone: 'good' };
}

/** The lines of a text field that holds one pattern a line. */
export function patternsOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
