import type { ActionManifest } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';
import type { CredentialRow, ParticipantRights, ParticipantRow } from '@counterpoint/events';

/**
 * What a participant says of itself: in git (`content/participants/<id>.yaml`), or when it joins. Each offer is described
 * as an action of a connector is, so that playbooks use it as one.
 */
export interface ParticipantDeclaration {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly site: string;
  /** Topic patterns that it publishes on and subscribes to. */
  readonly publishes: readonly string[];
  readonly subscribes: readonly string[];
  /** Action -> its contract. Callable as the service `<id>.<action>`, and in playbooks as an action of the connector `<id>`. */
  readonly offers: Readonly<Record<string, OfferDeclaration>>;
  /** Capability -> the offer that provides it. */
  readonly capabilities: Readonly<Record<string, string>>;
  /** Services without a contract that only look something up, as patterns (`*` any text), such as `dxl./opendxl-tie/*`. */
  readonly reads: readonly string[];
  /** What it is set to do; pushed to participants that accept settings. */
  readonly settings: JsonObject;
  /** Whether it plays a part of a demonstration: its effects change nothing real. */
  readonly simulated: boolean;
}

/** One operation that a participant offers. */
export type OfferDeclaration = Pick<
  ActionManifest,
  | 'title'
  | 'description'
  | 'effect'
  | 'input'
  | 'output'
  | 'idempotent'
  | 'target'
  | 'preexisting'
  | 'inverse'
  | 'irreversible'
  | 'verify'
  | 'unverifiable'
  | 'lease'
  | 'timeout'
  | 'minutes_saved'
> & {
  /** For OpenDXL: the topic that its requests go to, such as `/opendxl-tie/service/reputation`. */
  readonly dxl?: string;
};

/** A participant as the fabric knows it. */
export interface Participant {
  readonly id: string;
  readonly title: string;
  readonly kind: ParticipantRow['kind'];
  readonly site: string;
  readonly rights: ParticipantRights;
  readonly trust: readonly string[];
  readonly enabled: boolean;
  readonly state: ParticipantRow['state'];
  /** Its declaration in git, and the one it joined with; where they differ, it has drifted. */
  readonly declared: ParticipantDeclaration | undefined;
  readonly announced: ParticipantDeclaration | undefined;
}

/** A connection of a participant to a gateway of this process. */
export interface Session {
  /** Unique for the connection. */
  readonly id: string;
  /** `http`, `mqtt`, `dxl` or `edge`. */
  readonly via: 'http' | 'mqtt' | 'dxl' | 'edge';
  /**
   * What it was opened with: the id of a token's credential (`parseParticipantToken`), or the thumbprint of a certificate.
   * Undefined: it ends with any credential of the participant that is revoked.
   */
  readonly credential?: string;
  /** When something came over it last, Unix milliseconds; undefined: signs of life are told to `Participants.heard`. */
  heardAt?(): number;
  /** Milliseconds of silence after which the connection is cut; undefined: none. */
  readonly silence?: number;
  /** Ends the connection: the participant was disabled, its credential revoked, or it was replaced. */
  close(reason: string): void;
}

/** What is known of a connection of a participant. */
export interface KnownSession extends Pick<Session, 'id' | 'via'> {
  /** When something came over it last, Unix milliseconds. */
  readonly heardAt: number;
  /** Milliseconds of silence after which it is cut; undefined: never for silence alone. */
  readonly silence: number | undefined;
}

/** A participant to be let in. */
export interface NewParticipant {
  readonly id: string;
  readonly title: string;
  readonly kind: ParticipantRow['kind'];
  readonly site: string;
  readonly rights: ParticipantRights;
  readonly trust: readonly string[];
}

/** What is changed of a participant; what is left out stays. */
export type ParticipantPatch = Partial<Pick<NewParticipant, 'title' | 'site' | 'rights' | 'trust'>> & {
  readonly enabled?: boolean;
};

/**
 * Who is on the fabric. Knows every stored participant in memory, follows what other processes change, and keeps their
 * offers among the connectors, each with a connection of its own.
 */
export interface Participants {
  get(id: string): Participant | undefined;
  all(): readonly Participant[];
  /**
   * Who a bearer token (`cpp_…`) speaks for.
   *
   * @throws fabric.participant_unauthenticated, fabric.participant_disabled
   */
  byToken(token: string): Promise<Participant>;
  /** Who a verified client certificate speaks for. @param thumbprint SHA-1 of the DER, lower-case hex @throws as byToken, and fabric.certificate_revoked */
  byCertificate(thumbprint: string): Promise<Participant>;
  /**
   * Reads what a participant says of itself, to join with. Looking at it costs: what is said is measured, and too much of it
   * in a short time is refused.
   *
   * @throws fabric.declaration_invalid, fabric.declares_too_much
   */
  declare(participant: Participant, said: Json): ParticipantDeclaration;
  /**
   * It is there: announces `fabric.participant_joined.v1` when it was not, and takes over what it declares as far as its
   * rights go. Several sessions of one participant may be open; it leaves with the last.
   *
   * @throws fabric.declaration_invalid, fabric.offer_denied, fabric.participant_unknown, fabric.participant_disabled,
   *   fabric.joins_too_often
   */
  join(id: string, session: Session, declaration?: ParticipantDeclaration): Promise<void>;
  /** A sign of life; without one for `server`'s time-out a session over HTTP counts as gone. */
  heard(id: string, session: string): void;
  leave(id: string, session: string, reason: string): Promise<void>;
  /** @throws fabric.participant_exists, fabric.participant_invalid */
  create(wish: NewParticipant, by: Actor): Promise<Participant>;
  /** @throws fabric.participant_unknown, fabric.participant_invalid, fabric.participant_declared (git says its rights) */
  update(id: string, patch: ParticipantPatch, by: Actor): Promise<Participant>;
  /**
   * Removes it with its credentials, services and offers.
   *
   * @throws fabric.participant_unknown, fabric.participant_declared, fabric.participant_in_use
   */
  remove(id: string, by: Actor): Promise<void>;
  /** Makes a token, whose text is given once. @param validFor milliseconds; undefined: until it is revoked */
  issueToken(
    id: string,
    title: string,
    by: Actor,
    validFor?: number,
  ): Promise<{ readonly id: string; readonly token: string }>;
  /** Writes down a certificate that the own CA issued. */
  addCertificate(id: string, certificate: IssuedCertificate, by: Actor): Promise<void>;
  /** Revokes a token or certificate at once; sessions that were opened with it are closed. */
  revoke(credential: string, by: Actor): Promise<void>;
  /** Tokens and certificates of a participant, oldest first; what they prove themselves with is not among it. */
  credentials(id: string): Promise<readonly CredentialInfo[]>;
  /** Whether it has a session in this process. */
  isHere(id: string): boolean;
  /** Its sessions that end in this process. */
  sessions(id: string): readonly KnownSession[];
  /** Tells of every participant that came, changed, joined, left or was removed, in whatever process. */
  onChanged(listener: (change: ParticipantChange) => void): () => void;
}

/** What changed: `participant` is undefined when it was removed, `before` when it is new. */
export interface ParticipantChange {
  readonly id: string;
  readonly before: Participant | undefined;
  readonly participant: Participant | undefined;
}

/** A credential as it may be shown. */
export type CredentialInfo = Omit<CredentialRow, 'hash' | 'rev'>;

/** Who changes something, for the audit log. */
export interface Actor {
  readonly principal: string;
  readonly trace: string;
}

/** A certificate as it is remembered. */
export interface IssuedCertificate {
  /** SHA-1 of the DER, lower-case hex. */
  readonly thumbprint: string;
  readonly serial: string;
  readonly subject: string;
  readonly pem: string;
  readonly notBefore: number;
  readonly notAfter: number;
}
