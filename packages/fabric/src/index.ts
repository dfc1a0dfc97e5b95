export { errors as fabricErrors } from './errors.ts';
export { type GraphParticipant, participantActor, planActor, serverActor } from './graph/actors.ts';
export { checkFabric, type FabricFinding } from './graph/check-fabric.ts';
export { effectClasses } from './graph/effect-classes.ts';
export { fabricFindingSpecs } from './graph/finding-specs.ts';
export {
  actorRef,
  type FabricActor,
  type FabricGraph,
  type Flow,
  giversOf,
  isPattern,
  type Place,
  takersOf,
  topicsOf,
} from './graph/graph.ts';
export { type FabricDocument, type ReadGraph, readDocuments } from './graph/read-documents.ts';
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
