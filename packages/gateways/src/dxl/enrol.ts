import { isCounterpointError } from '@counterpoint/core';
import {
  type Actor,
  fabricErrors,
  type IssuedCertificate,
  type Participant,
  type Participants,
} from '@counterpoint/fabric';
import { requestedName } from '../authority/certificates.ts';
import type { Authority } from '../authority/open-authority.ts';

/** A client that was let in, with what it needs to connect. */
export interface Enrolled {
  readonly participant: Participant;
  readonly certificate: IssuedCertificate;
  /** Certificate of the authority, PEM: what it trusts the broker by. */
  readonly authority: string;
}

/** Lets OpenDXL clients in, and renews their certificates. */
export interface Enrolment {
  /**
   * Signs a certificate request. The participant is named by `participant`, else after the request's common name; one
   * that is not there yet is created, with the rights of an OpenDXL client on an open fabric: to publish, subscribe and
   * offer on all of OpenDXL's own topics, and to invoke its services. Its earlier certificates stay in force. One that
   * joins otherwise (with a token) is given a certificate only where `participant` names it.
   *
   * @throws gateway.csr_invalid, fabric.participant_invalid
   */
  enrol(csr: string, by: Actor, participant?: string): Promise<Enrolled>;
}

/** What a client that is let in may do, unless people say otherwise: all of OpenDXL, and nothing else. */
export const DXL_RIGHTS = {
  publish: ['dxl.>'],
  subscribe: ['dxl.>'],
  offer: ['dxl.*'],
  invoke: ['dxl.*'],
} as const;

/** Makes {@link Enrolment}. */
export function createEnrolment(participants: Participants, authority: Authority): Enrolment {
  return {
    async enrol(csr, by, wanted) {
      const title = await requestedName(csr);
      const id = wanted ?? participantIdOf(title);
      const known = participants.get(id);
      // By chance of its name a client would have the rights of another tool, and be trusted as that.
      if (known && known.kind !== 'certificate' && wanted === undefined) throw nameTaken(known);
      const participant = known ?? (await create(participants, id, title, by));
      const certificate = await authority.issue(csr);
      await participants.addCertificate(id, certificate, by);
      return { participant, certificate, authority: authority.certificate };
    },
  };
}

function nameTaken({ id, kind }: Participant): Error {
  const how = kind === 'edge' ? 'it is an edge node' : 'it joins with a token';
  const reason = `${how}, so give the client another name, or say that it is meant (\`counterpoint dxl provision … --participant ${id}\`)`;
  return fabricErrors.participant_invalid({ participant: id, reason });
}

async function create(participants: Participants, id: string, title: string, by: Actor): Promise<Participant> {
  try {
    return await participants.create({ id, title, kind: 'certificate', site: '', rights: DXL_RIGHTS, trust: [] }, by);
  } catch (error) {
    const other = isCounterpointError(error, 'fabric.participant_exists') ? participants.get(id) : undefined;
    if (!other) throw error;
    return other;
  }
}

/** The id of a participant for a common name: "Mail gateway 2" is `mail_gateway_2`. @throws fabric.participant_invalid */
export function participantIdOf(commonName: string): string {
  const id = commonName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 60);
  if (id !== '') return id;
  const reason = 'its name has no letter from a to z';
  throw fabricErrors.participant_invalid({ participant: commonName.slice(0, 60), reason });
}
