import type { Source } from './account.ts';

type Door = Pick<Source, 'auth' | 'turned_away'>;

/** What a source refused at its door in the last day, in words; nothing of it is in the account. */
export interface DoorWords {
  /** `12 posts with a wrong token in the last hour`. */
  readonly summary: string;
  /** Of the last refusal: `it carries no token`. */
  readonly reason: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Where the last one came from. */
  readonly address: string;
  readonly advice: string;
}

const KINDS: Readonly<Record<string, { readonly words: string; readonly advice: string }>> = {
  'ingest.unauthenticated': {
    words: 'with a wrong token',
    advice:
      'Look which token the tool sends. If nobody knows the right one any more, make a new secret here and give it to the tool.',
  },
  signature: {
    words: 'without a valid signature',
    advice:
      'Look which signing secret the tool has, and whether its clock is right. If nobody knows the secret any more, make a new one here.',
  },
  rotated: {
    words: 'with a wrong token',
    advice: 'The tool still has the token from before the last new one. Give it the new one, or make another.',
  },
  'ingest.source_disabled': {
    words: 'while it was disabled',
    advice: 'The tool still sends. Enable the source to take in what comes, or let the tool stop.',
  },
  'ingest.media_type_unsupported': {
    words: 'of a content type that is not read',
    advice: 'Let the tool send application/json.',
  },
  'core.body_too_large': {
    words: 'that were too large',
    advice: 'Let the tool send fewer records in one post, or raise limits.body_bytes.',
  },
  'ingest.delivery_conflict': {
    words: 'with a delivery id used before',
    advice: 'Let the tool give every delivery an id of its own.',
  },
  'ingest.delivery_invalid': {
    words: 'with a delivery id that cannot be used',
    advice: 'Let the tool send a webhook-id of visible letters, up to 200, or none.',
  },
  'api.source_idle': {
    words: 'that nothing takes',
    advice: 'It has no normaliser, and no published playbook starts from it. Give it one of the two.',
  },
};
const OTHER = { words: 'refused for another reason', advice: 'The reason says what the tool should send instead.' };

function kindOf(code: string, auth: Door['auth'], reason = ''): { readonly words: string; readonly advice: string } {
  if (code !== 'ingest.unauthenticated') return KINDS[code] ?? OTHER;
  if (auth === 'signature') return KINDS.signature ?? OTHER;
  return (reason.includes('before its last new one') ? KINDS.rotated : KINDS[code]) ?? OTHER;
}

const figure = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'post' : 'posts'}`;

/** What was refused at the door; undefined when nothing was within a day. */
export function doorWords({ auth, turned_away: { counts, last } }: Door): DoorWords | undefined {
  if (!last || counts.length === 0) return undefined;
  const hour = counts.filter((one) => one.hour > 0);
  const shown = hour.length > 0 ? hour : counts;
  const parts = shown.map((one) => `${figure(hour.length > 0 ? one.hour : one.day)} ${kindOf(one.code, auth).words}`);
  const { at, code, reason, address } = last;
  return {
    summary: `${parts.join(', ')} in the last ${hour.length > 0 ? 'hour' : '24 hours'}`,
    reason: reason.replace(/^The request was not accepted: /, '').replace(/\.$/, ''),
    ...{ at, address },
    advice: kindOf(code, auth, reason).advice,
  };
}
