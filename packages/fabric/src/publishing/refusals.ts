import type { Clock, CounterpointError } from '@counterpoint/core';
import { newTraceId } from '@counterpoint/core';
import type { Reader, Store } from '@counterpoint/events';
import { countTurnedAway, createDoorBook } from '@counterpoint/ingest';

/** What participants were refused, added up since the process started. */
export interface Refusal {
  readonly participant: string;
  readonly kind: 'publish' | 'subscribe' | 'offer' | 'invoke';
  /** The topic, pattern or service. */
  readonly subject: string;
  readonly count: number;
  /** Code and words of the last one. */
  readonly code: string;
  readonly reason: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Remembers refusals: with their reasons here, by the number in the store, once a minute in the audit log. */
export interface Refusals {
  /** Audited at most once a minute for the same participant, kind and code. */
  note(participant: string, kind: Refusal['kind'], subject: string, error: CounterpointError): void;
  /** The latest first. */
  list(participant?: string): readonly Refusal[];
  /** Writes down how many there were; by itself that takes up to two seconds. */
  flush(): Promise<void>;
}

const AUDIT_AGAIN = 60_000;
/** Somebody who invents topics must not fill the memory: beyond this the oldest are forgotten. */
const REMEMBERED = 1_000;

const doorOf = (participant: string) => `participant:${participant}`;

/** Makes {@link Refusals}. */
export function createRefusals(store: Store, clock: Clock): Refusals {
  const known = new Map<string, Refusal>();
  const audited = new Map<string, number>();
  const door = createDoorBook({ store, clock, onRetry: () => undefined });

  const audit = (refusal: Refusal): void => {
    const { participant, kind, subject, code, reason, at } = refusal;
    const key = `${participant} ${kind} ${code}`;
    const before = audited.get(key);
    const now = clock.monotonic();
    if (before !== undefined && now - before < AUDIT_AGAIN) return;
    if (audited.size >= REMEMBERED) audited.clear();
    audited.set(key, now);
    const entry = {
      at,
      principal: `participant:${participant}`,
      action: `participant.${kind}_refused`,
      object: `participant:${participant}`,
      data: { subject, code, reason },
      trace: newTraceId(at),
    };
    // The refusal stands whether it can be written down or not.
    void store.commit({ audit: [entry] }).catch(() => audited.delete(key));
  };

  return {
    note(participant, kind, subject, error) {
      const { code, message } = error;
      door.note({ id: doorOf(participant) }, error, '');
      const key = `${participant} ${kind} ${subject.slice(0, 200)}`;
      const count = (known.get(key)?.count ?? 0) + 1;
      const refusal = {
        participant,
        kind,
        subject: subject.slice(0, 200),
        count,
        code,
        reason: message,
        at: clock.now(),
      };
      known.delete(key);
      known.set(key, refusal);
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
      audit(refusal);
    },
    list(participant) {
      const all = [...known.values()].reverse();
      return participant === undefined ? all : all.filter((one) => one.participant === participant);
    },
    flush: () => door.flush(),
  };
}

/** How often participants were refused since a moment of the last day, by whichever process; others are left out. */
export async function refusedSince(
  reader: Reader,
  participants: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, number>> {
  const counts = await countTurnedAway(reader, participants.map(doorOf), since);
  return new Map(participants.flatMap((id) => (counts.has(doorOf(id)) ? [[id, counts.get(doorOf(id)) ?? 0]] : [])));
}
