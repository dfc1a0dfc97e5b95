/** What an edge node knows of itself and its centre, once it has joined. */
export interface NodeIdentity {
  /** Id of the participant. */
  readonly node: string;
  readonly site: string;
  /** Id of the centre's installation. */
  readonly installation: string;
  /** The centre's key as SPKI PEM, pinned when the node joined. */
  readonly centreKey: string;
}

/** What the centre answers, by what was asked; see the operations between an edge node and its centre. */
export interface CentreLink {
  /** @throws what the centre answers as an error, fabric.edge_centre_unreachable */
  ask<Answer>(method: 'POST' | 'GET' | 'PUT', path: string, body?: unknown, signal?: AbortSignal): Promise<Answer>;
}

/** How the node stands to its centre. */
export type Standing =
  | 'connected'
  /** It cannot be reached: the node goes on with what it has. */
  | 'away'
  /** It lets this node in no longer: nothing new is begun. */
  | 'refused';
