import type { Json } from '@counterpoint/core';
import { newTraceId } from '@counterpoint/core';
import { type EventEnvelope, newEvent } from '@counterpoint/events';
import { driftOf } from './drift.ts';
import type { Participant } from './participant.ts';
import { declarationOf } from './view.ts';

const JOINED = 'fabric.participant_joined.v1';
const LEFT = 'fabric.participant_left.v1';

const firstCause = (now: number) => ({ principal: 'system', trace: newTraceId(now), cause: '', hop: 0 });

/** That a participant is there, with what it brings. */
export function joinedEvent(participant: Participant, now: number): EventEnvelope {
  const { id, title, kind, site } = participant;
  const said = declarationOf(participant);
  const data: Json = {
    participant: {
      ...{ id, title, kind, site },
      publishes: said?.publishes ?? [],
      subscribes: said?.subscribes ?? [],
      services: Object.keys(said?.offers ?? {}).map((action) => `${id}.${action}`),
      capabilities: Object.keys(said?.capabilities ?? {}),
      drifted: driftOf(participant).length > 0,
    },
  };
  return newEvent(JOINED, id, data, firstCause(now), now);
}

/** That a participant is gone. */
export function leftEvent({ id, title, kind, site }: Participant, reason: string, now: number): EventEnvelope {
  return newEvent(LEFT, id, { participant: { id, title, kind, site }, reason }, firstCause(now), now);
}
