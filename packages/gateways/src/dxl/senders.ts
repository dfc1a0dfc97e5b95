import { X509Certificate } from 'node:crypto';
import type { Participants } from '@counterpoint/fabric';

/** Certificates of senders (DER in base64), and whose they are: what a message says of its sender is believed only so. */
export interface Senders {
  /** Remembers the certificate of a client that was let in. */
  note(participant: string, thumbprint: string, certificate: string): void;
  /**
   * The certificate with a thumbprint, where it was issued to that participant; undefined where it was not. A promise
   * when it has to be looked up.
   */
  certificateOf(participant: string, thumbprint: string): string | undefined | Promise<string | undefined>;
}

const REMEMBERED = 10_000;
const NONE = '';

/** Makes {@link Senders}; what is not remembered is looked up among the credentials of the participant. */
export function createSenders(participants: Pick<Participants, 'credentials' | 'get'>): Senders {
  const known = new Map<string, string>();
  const remember = (key: string, certificate: string): void => {
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, certificate);
  };
  const lookUp = async (participant: string, thumbprint: string): Promise<string | undefined> => {
    const credentials = participants.get(participant) ? await participants.credentials(participant) : [];
    const found = credentials.map(({ detail }) => certificateIn(detail)).find((one) => one?.thumbprint === thumbprint);
    remember(`${participant} ${thumbprint}`, found?.raw ?? NONE);
    return found?.raw;
  };
  return {
    note: (participant, thumbprint, certificate) => remember(`${participant} ${thumbprint}`, certificate),
    certificateOf(participant, thumbprint) {
      const certificate = known.get(`${participant} ${thumbprint}`);
      if (certificate === undefined) return lookUp(participant, thumbprint);
      return certificate === NONE ? undefined : certificate;
    },
  };
}

function certificateIn(detail: unknown): { readonly thumbprint: string; readonly raw: string } | undefined {
  const { pem } = (detail ?? {}) as { readonly pem?: unknown };
  if (typeof pem !== 'string') return undefined;
  const { fingerprint, raw } = new X509Certificate(pem);
  return { thumbprint: fingerprint.replaceAll(':', '').toLowerCase(), raw: raw.toString('base64') };
}
