import type { ParticipantEndpointName, participantEndpoints } from '@counterpoint/contracts';
import type { Participant } from '@counterpoint/fabric';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { errors } from '../errors.ts';

type Definition<Name extends ParticipantEndpointName> = (typeof participantEndpoints)[Name];

/** A validated request of a participant. */
export interface Call<Name extends ParticipantEndpointName> {
  readonly participant: Participant;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Definition<Name> extends { query: infer Query extends z.ZodType } ? z.output<Query> : unknown;
  readonly body: Definition<Name> extends { body: infer Body extends z.ZodType } ? z.output<Body> : unknown;
  /** Aborted when the connection is closed. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What performs an operation: gives its answer, or has taken the reply over. */
export type CallHandlers<Names extends ParticipantEndpointName> = {
  readonly [Name in Names]: (call: Call<Name>) => Promise<unknown>;
};

/** Reads a request whose participant was authenticated and whose parts were validated. */
export function callOf<Name extends ParticipantEndpointName>(request: FastifyRequest, reply: FastifyReply): Call<Name> {
  const { participant } = request;
  if (!participant) throw errors.route_unknown({ method: request.method, path: request.url.slice(0, 200) });
  const closed = new AbortController();
  reply.raw.once('close', () => closed.abort());
  return {
    participant,
    params: request.params as Readonly<Record<string, string>>,
    query: request.query as Call<Name>['query'],
    body: request.body as Call<Name>['body'],
    signal: closed.signal,
    request,
    reply,
  };
}
