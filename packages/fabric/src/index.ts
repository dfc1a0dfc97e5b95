export type {
  Actor,
  IssuedCertificate,
  NewParticipant,
  OfferDeclaration,
  Participant,
  ParticipantDeclaration,
  ParticipantPatch,
  Participants,
  Session,
} from './participants/participant.ts';
export type { Publication, Publisher } from './publishing/publisher.ts';
export type { KnownInstance, LocalInstance, ServiceRequest, Services } from './services/service.ts';
