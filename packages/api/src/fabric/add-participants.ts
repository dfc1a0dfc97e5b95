import { type ParticipantEndpoint, type ParticipantEndpointName, participantEndpoints } from '@counterpoint/contracts';
import { type Json, type Limits, parseJson, type Redactor } from '@counterpoint/core';
import type { EdgeCentre } from '@counterpoint/fabric';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { schemaOf, validationError } from '../route-schema.ts';
import { type Call, type CallHandlers, callOf } from './call.ts';
import { CLOUD_EVENT_TYPES, fromBinary, fromStructured } from './cloud-events.ts';
import { addEdgeRoutes } from './edge-routes.ts';
import { eventCalls } from './event-calls.ts';
import { createPresences } from './presence.ts';
import { serviceCalls } from './service-calls.ts';
import type { FabricServices } from './services.ts';
import { sessionCalls } from './session-calls.ts';

/** What the surface for participants needs. */
export interface ParticipantSurface extends FabricServices {
  /** The centre of edge nodes; undefined: none can join. */
  readonly edge?: EdgeCentre;
  readonly limits: Limits;
  readonly redactor: Redactor;
}

function readCloudEvents(scope: FastifyInstance, limits: Limits): void {
  scope.addContentTypeParser([...CLOUD_EVENT_TYPES], { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, fromStructured(parseJson(String(body), limits.jsonDepth)));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Fastify shows a body that is not there as null to whoever validates it. */
function bodyOf({ body }: ParticipantEndpoint) {
  return body?.isOptional() ? { body: body.nullable() } : {};
}

/** In binary mode the body is the data, and the rest stands in headers. */
async function readHeaders(request: FastifyRequest): Promise<void> {
  const publication = fromBinary(request.headers, (request.body ?? null) as Json);
  if (publication !== undefined) request.body = publication;
}

/**
 * Adds the participant protocol under `/fabric/v1`: publishing, subscribing, offering and invoking with the token of a
 * participant, over HTTP and server-sent events. When the server closes, everybody leaves; what they had not acknowledged
 * comes again.
 */
export function addParticipants(app: FastifyInstance, surface: ParticipantSurface): void {
  const presences = createPresences(surface);
  const handlers: CallHandlers<ParticipantEndpointName> = {
    ...sessionCalls(surface, presences),
    ...eventCalls(surface, presences, surface.redactor),
    ...serviceCalls(surface, presences),
  };
  app.addHook('preClose', () => presences.stop());
  app.register(async (scope) => {
    readCloudEvents(scope, surface.limits);
    if (surface.edge) addEdgeRoutes(scope, surface.edge, surface, presences);
    for (const [name, definition] of Object.entries<ParticipantEndpoint>(participantEndpoints)) {
      const handler = handlers[name as ParticipantEndpointName] as (call: Call<never>) => Promise<unknown>;
      scope.withTypeProvider<ZodTypeProvider>().route({
        method: definition.method,
        url: `/fabric/v1${definition.path}`,
        exposeHeadRoute: false,
        config: { permission: definition.permission },
        schema: { ...schemaOf(name, definition), ...bodyOf(definition), hide: true },
        schemaErrorFormatter: validationError,
        ...(name === 'publish' ? { preValidation: readHeaders } : {}),
        handler: async (request, reply) => {
          const call = callOf<never>(request, reply);
          presences.heard(call.participant.id);
          return handler(call);
        },
      });
    }
  });
}
