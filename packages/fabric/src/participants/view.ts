import type { ParticipantRow } from '@counterpoint/events';
import type { DeclaredParticipant } from './parse-participant.ts';
import type { Participant, ParticipantDeclaration } from './participant.ts';

/** A participant as it is made of its row and of what git says. */
export function participantOf(row: ParticipantRow, declared: DeclaredParticipant | undefined): Participant {
  const { id, title, kind, site, rights, trust, enabled, state } = row;
  // Only what `readAnnounced` let pass is ever stored.
  const announced = (row.declaration ?? undefined) as unknown as ParticipantDeclaration | undefined;
  return { id, title, kind, site, rights, trust, enabled, state, declared: declared?.declaration, announced };
}

/** The declaration that counts: git's, else the one that the participant joined with. */
export function declarationOf({ declared, announced }: Pick<Participant, 'declared' | 'announced'>) {
  return declared ?? announced;
}
