export type { EdgeBundle, SignedBundle } from './edge/bundle.ts';
export { readBundle } from './edge/bundle.ts';
export type { EdgeCentre, EdgeCentreOptions, EdgeNode, JoinToken } from './edge/centre/centre.ts';
export { createEdgeCentre } from './edge/centre/create-centre.ts';
export { applyBundle, applySwitches, BUNDLED } from './edge/node/apply-bundle.ts';
export { type EdgeNodeAtWork, type EdgeNodeOptions, startEdgeNode } from './edge/node/create-node.ts';
export { type ClosableLink, createLink } from './edge/node/link.ts';
export type { NodeIdentity, Standing } from './edge/node/node.ts';
export { createOutgoing, type Outgoing } from './edge/node/outgoing.ts';
export { fingerprintOf, type NodeKeys, newNodeKeys } from './edge/node-keys.ts';
export type { SignedText } from './edge/signed-text.ts';
export { errors as fabricErrors } from './errors.ts';
export { type GraphParticipant, participantActor, planActor, serverActor } from './graph/actors.ts';
export { checkFabric, type FabricFinding, fabricFinding } from './graph/check-fabric.ts';
export { effectClasses } from './graph/effect-classes.ts';
export {
  deadByTopic,
  type FabricMap,
  type FabricMapOptions,
  fabricMap,
  type MappedTopic,
  mapTopics,
} from './graph/fabric-map.ts';
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
export { type OpenTraffic, openTraffic } from './graph/open-traffic.ts';
export { type FabricDocument, type ReadGraph, readDocuments } from './graph/read-documents.ts';
export { breakingChanges, brokenTopics } from './graph/topic-changes.ts';
export { createTraffic, type Published, type Span, type Traffic } from './graph/traffic.ts';
export { type Taker, type WhatIfOptions, whatIf } from './graph/what-if.ts';
export {
  createParticipants,
  type KeptParticipants,
  type ParticipantsOptions,
} from './participants/create-participants.ts';
export { type Drift, driftOf } from './participants/drift.ts';
export { manifestOf } from './participants/manifest.ts';
export {
  type DeclaredParticipant,
  type ParsedParticipant,
  type ParticipantFinding,
  parseParticipant,
} from './participants/parse-participant.ts';
export type {
  Actor,
  CredentialInfo,
  IssuedCertificate,
  KnownSession,
  NewParticipant,
  OfferDeclaration,
  Participant,
  ParticipantChange,
  ParticipantDeclaration,
  ParticipantPatch,
  Participants,
  Session,
} from './participants/participant.ts';
export { readAnnounced } from './participants/read-declaration.ts';
export {
  isReservedTopic,
  mayInvoke,
  mayOffer,
  mayPublish,
  mayReceive,
  maySubscribe,
  serviceMatches,
} from './participants/rights.ts';
export { createSeats, type Seats } from './participants/seats.ts';
export { parseParticipantToken } from './participants/token-text.ts';
export { declarationOf } from './participants/view.ts';
export { watchProcesses } from './participants/watch-processes.ts';
export {
  createPublisher,
  defaultPublishingLimits,
  type PublisherOptions,
  type PublishingLimits,
  whyNotPublished,
} from './publishing/create-publisher.ts';
export type { Publication, Publisher } from './publishing/publisher.ts';
export { createRefusals, type Refusal, type Refusals, refusedSince } from './publishing/refusals.ts';
export {
  type AgreementFigures,
  agreementOf,
  type JudgeOptions,
  judgeObserved,
  type SameAs,
} from './reactions/agreement.ts';
export { heldBy, STORM } from './reactions/breakers.ts';
export { pruneReactions } from './reactions/prune.ts';
export type { Reactions, ReactionsOptions, StormLimits } from './reactions/reaction.ts';
export { createReactions } from './reactions/reactions.ts';
export { STORM_QUESTIONS, stormDecisions } from './reactions/storms.ts';
export { type Publishers, trustsPublisher } from './reactions/trust.ts';
export { type CaughtUp, type CaughtUpOptions, createCaughtUp } from './retraction/caught-up.ts';
export {
  createRetractions,
  type ForeseenRetraction,
  type RetractionOptions,
  type RetractionResult,
  type Retractions,
  type RetractionWish,
} from './retraction/retraction.ts';
export {
  createRevisedVerdicts,
  type OnRevisedVerdict,
  RETRACTION,
  type RevisedVerdicts,
  type RevisedVerdictsOptions,
} from './retraction/verdicts.ts';
export { createServices, type ServiceRegistry, type ServicesOptions } from './services/create-services.ts';
export { fabricManifest } from './services/fabric-connector.ts';
export { createInvoker, type InvokerOptions } from './services/invoker.ts';
export { connectionWrites, keepOffers, manifestOfParticipant, type OffersOptions } from './services/offers.ts';
export type {
  Asker,
  KnownInstance,
  LocalInstance,
  ServiceRequest,
  Services,
  ServiceWish,
} from './services/service.ts';
export { type ParticipantTest, PING, type TestOptions, testParticipant } from './services/test-participant.ts';
