import type { Json } from '@counterpoint/core';
import type { Connection } from '../broker/connection.ts';

/** A request that waits for the answer of a client. */
export interface Waiting {
  readonly service: string;
  readonly settle: (result: { readonly payload: Json } | Error) => void;
}

/** Who is behind a connection, and what goes on with it. */
export interface Member {
  readonly participant: string;
  /** The credential that it came with. */
  readonly credential: string | undefined;
  /** Action -> id of its instance. */
  readonly offers: Map<string, string>;
  readonly waiting: Map<string, Waiting>;
  /** Messages that are being dealt with and that the client does not wait for. */
  underWay: number;
}

/** A connection of a participant over MQTT. */
export type MemberConnection = Connection<Member>;
