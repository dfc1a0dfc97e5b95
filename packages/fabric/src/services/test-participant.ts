import { type Clock, CounterpointError, newId, newTraceId } from '@counterpoint/core';
import type { EdgeCentre } from '../edge/centre/centre.ts';
import type { KnownSession, Participant, Participants } from '../participants/participant.ts';
import { declarationOf } from '../participants/view.ts';
import { unknownParticipant } from '../participants/wish.ts';
import type { Services } from './service.ts';

/** What {@link testParticipant} asks with. */
export interface TestOptions {
  readonly clock: Clock;
  readonly participants: Pick<Participants, 'get' | 'all' | 'sessions'>;
  readonly services: Pick<Services, 'invoke' | 'isLive'>;
  readonly edge: Pick<EdgeCentre, 'ping'>;
}

/** Whether a participant answers, as far as it can be asked. */
export interface ParticipantTest {
  /**
   * `answered`: it was asked, and it answered. `silent`: it was asked, and it did not. `unasked`: it is connected, and nothing
   * of it can be asked without doing something. `away`: it is not connected.
   */
  readonly outcome: 'answered' | 'silent' | 'unasked' | 'away';
  /** The service that was asked; empty when none was. */
  readonly asked: string;
  /** Milliseconds until it answered or the time was over; null when it was not asked. */
  readonly millis: number | null;
  /** Why there was no answer, or what it answered as an error. */
  readonly error: CounterpointError | undefined;
  /** Its connections that end in this process. */
  readonly sessions: readonly KnownSession[];
}

/** The offer that a participant makes so that it can be tested: a read that needs no input. */
export const PING = 'ping';

/** How long an answer may take, in milliseconds. */
const TIMEOUT = 5_000;

/** What tells that there was an answer, if not the one that was hoped for. */
const ANSWERS: ReadonlySet<string> = new Set(['fabric.service_failed']);

/**
 * Asks a participant whether it is there, over its own connection and from whatever process: an edge node by the service
 * that it performs calls with, others by their offer {@link PING} where they make one. MQTT and OpenDXL have no question to a
 * client, and whoever is on HTTP fetches what concerns it; any other service does something when it is asked. Of those it
 * is said when they were heard of last.
 *
 * @throws fabric.participant_unknown
 */
export async function testParticipant(options: TestOptions, id: string): Promise<ParticipantTest> {
  const { participants, clock } = options;
  const participant = participants.get(id);
  if (!participant) {
    throw unknownParticipant(
      id,
      participants.all().map((one) => one.id),
    );
  }
  const question = questionFor(options, participant);
  const known = { sessions: participants.sessions(id), asked: '', millis: null, error: undefined };
  if (participant.state === 'offline') return { ...known, outcome: 'away' };
  if (!question) return { ...known, outcome: 'unasked' };
  const begun = clock.monotonic();
  const millis = () => Math.round(clock.monotonic() - begun);
  const { service: asked, ask } = question;
  try {
    await ask();
    return { ...known, asked, outcome: 'answered', millis: millis(), sessions: participants.sessions(id) };
  } catch (error) {
    if (!(error instanceof CounterpointError)) throw error;
    const outcome = ANSWERS.has(error.code) ? 'answered' : 'silent';
    return { ...known, asked, outcome, millis: millis(), error };
  }
}

/** What can be asked without doing anything; undefined: nothing. */
function questionFor({ services, edge, clock }: TestOptions, participant: Participant) {
  const { id, kind } = participant;
  if (kind === 'edge') return { service: id, ask: () => edge.ping(id, TIMEOUT) };
  const service = `${id}.${PING}`;
  if (declarationOf(participant)?.offers[PING]?.effect !== 'read' || !services.isLive(service)) return undefined;
  const now = clock.now();
  const causality = { principal: 'system', trace: newTraceId(now), cause: '', hop: 0 };
  const ask = () => services.invoke({ service, payload: {}, key: newId(now), timeout: TIMEOUT, causality });
  return { service, ask };
}
