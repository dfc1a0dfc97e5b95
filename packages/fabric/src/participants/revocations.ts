import type { Credentials } from './credentials.ts';

/** Notices what other processes revoked of participants that have sessions here which name no credential. */
export interface Revocations {
  /** Remembers what is revoked by now; whatever comes later is noticed. */
  begin(participant: string): Promise<void>;
  /** Whether a credential was revoked since it began, or since it was asked last. Asks the store. */
  more(participant: string): Promise<boolean>;
  forget(participant: string): void;
}

/** Makes {@link Revocations}. */
export function createRevocations(credentials: Pick<Credentials, 'list'>): Revocations {
  const known = new Map<string, number>();
  const count = async (participant: string) => {
    const all = await credentials.list(participant);
    return all.filter((one) => one.revoked_at !== null).length;
  };
  return {
    async begin(participant) {
      known.set(participant, await count(participant));
    },
    async more(participant) {
      const before = known.get(participant);
      const now = await count(participant);
      known.set(participant, now);
      return before !== undefined && now > before;
    },
    forget: (participant) => void known.delete(participant),
  };
}
