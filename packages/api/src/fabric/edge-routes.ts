import { type EdgeEndpoint, type EdgeEndpointName, edgeEndpoints } from '@counterpoint/contracts';
import { type EdgeCentre, fabricErrors, type Participant } from '@counterpoint/fabric';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { bodyLimitOf, schemaOf, validationError } from '../route-schema.ts';
import { edgeCalls } from './edge-calls.ts';
import type { Presences } from './presence.ts';
import type { FabricServices } from './services.ts';

/** @throws fabric.edge_unknown when a participant of another kind asks */
function demandEdge(participant: Participant | null): Participant {
  if (participant?.kind === 'edge') return participant;
  throw fabricErrors.edge_unknown({ node: participant?.id ?? '' });
}

/** Adds what edge nodes ask of their centre, under `/fabric/v1/edge`. */
export function addEdgeRoutes(
  scope: FastifyInstance,
  centre: EdgeCentre,
  fabric: FabricServices,
  presences: Presences,
): void {
  const calls = edgeCalls(centre, fabric, presences);
  for (const [name, definition] of Object.entries<EdgeEndpoint>(edgeEndpoints)) {
    const perform = calls[name as EdgeEndpointName] as (call: unknown, node?: Participant) => Promise<unknown>;
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: definition.method,
      url: `/fabric/v1/edge${definition.path}`,
      config: { permission: definition.permission },
      ...bodyLimitOf(definition),
      schema: { ...schemaOf(`edge_${name}`, definition), hide: true },
      schemaErrorFormatter: validationError,
      handler: async (request, reply) => {
        const closed = new AbortController();
        reply.raw.once('close', () => closed.abort());
        const call = { body: request.body, signal: closed.signal };
        if (definition.permission === 'anonymous') return perform(call);
        const node = demandEdge(request.participant);
        presences.heard(node.id);
        return perform(call, node);
      },
    });
  }
}
