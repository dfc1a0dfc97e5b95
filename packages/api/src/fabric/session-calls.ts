import type { Json } from '@counterpoint/core';
import { fabricErrors } from '@counterpoint/fabric';
import type { CallHandlers } from './call.ts';
import type { Presences } from './presence.ts';
import type { FabricServices } from './services.ts';

/** How often a participant should give a sign of life, in seconds. */
const HEARTBEAT = 20;

/** Coming, staying and leaving. */
export function sessionCalls(
  { participants }: FabricServices,
  presences: Presences,
): CallHandlers<'join' | 'heartbeat' | 'leave'> {
  const standing = (id: string) => {
    const participant = participants.get(id);
    if (!participant) throw fabricErrors.participant_unauthenticated();
    const { title, rights, trust, declared } = participant;
    return { participant: id, title, rights, trust, settings: declared?.settings ?? {}, heartbeat: HEARTBEAT };
  };
  return {
    async join({ participant, body }) {
      // Joining says all that it is now, so that nothing of an earlier declaration stays.
      await presences.enter(participant, participants.declare(participant, (body ?? {}) as Json));
      return standing(participant.id);
    },
    async heartbeat({ participant }) {
      await presences.enter(participant);
      return standing(participant.id);
    },
    async leave({ participant }) {
      await presences.leave(participant.id, 'it said so');
      return { participant: participant.id };
    },
  };
}
