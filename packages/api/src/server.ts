import { type Endpoint, type EndpointName, endpoints, problem } from '@counterpoint/contracts';
import { type Clock, type Limits, parseJson, type Redactor } from '@counterpoint/core';
import type { Principal } from '@counterpoint/identity';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errors } from './errors.ts';
import type { Handlers } from './handler-types.ts';
import { PROBLEM_TYPE, problemBody, toProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be allowed; `anonymous` where the request proves itself otherwise. Every route has one. */
    permission?: string;
  }
  interface FastifyRequest {
    /** Set before any handler of a route that is not anonymous. */
    principal: Principal | null;
  }
}

/** What the HTTP surface needs. */
export interface ApiOptions {
  /** Undefined: the process serves no API, only what is added to it, such as health. */
  readonly handlers: Handlers<EndpointName> | undefined;
  /** Who the `Authorization` header speaks for. @throws identity errors with status 401 */
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>;
  /** @throws an identity error with status 403 */
  readonly authorise: (principal: Principal, permission: string) => void;
  readonly limits: Limits;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly trustProxy: boolean;
  readonly version: string;
  /** Told about defects: a reference that the caller was given, and what was thrown. */
  readonly onDefect: (reference: string, thrown: unknown) => void;
}

function answerError(thrown: unknown, reply: FastifyReply, options: ApiOptions) {
  const error = toProblemError(thrown, options.limits.bodyBytes, options.onDefect);
  return reply
    .code(error.status)
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(problemBody(error, options.redactor));
}

function addErrorHandling(app: FastifyInstance, options: ApiOptions): void {
  app.setErrorHandler((thrown, _request, reply) => answerError(thrown, reply, options));
  app.setNotFoundHandler(async (request, reply) => {
    try {
      // Whoever may see nothing also may not learn which routes there are.
      await options.authenticate(request.headers.authorization);
      throw errors.route_unknown({ method: request.method, path: request.url.slice(0, 200) });
    } catch (thrown) {
      return answerError(thrown, reply, options);
    }
  });
}

function addAuthentication(app: FastifyInstance, options: ApiOptions): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined)
      throw new Error(`the route ${route.method} ${route.url} declares no permission`);
  });
  app.addHook('onRequest', async (request) => {
    const permission = request.routeOptions.config.permission;
    if (permission === undefined || permission === 'anonymous') return;
    request.principal = await options.authenticate(request.headers.authorization);
    options.authorise(request.principal, permission);
  });
}

function addBodyParsing(app: FastifyInstance, options: ApiOptions): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJson(String(body), options.limits.jsonDepth));
    } catch (error) {
      done(error as Error);
    }
  });
}

function describe(
  issues: readonly { readonly instancePath?: string; readonly message?: string }[],
  part: string,
): string {
  return issues
    .slice(0, 5)
    .map(
      ({ instancePath = '', message = 'not valid' }) =>
        `${part}${instancePath.replace(/\/$/, '').replaceAll('/', '.')}: ${message}`,
    )
    .join('; ');
}

function pathParameters(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] as string);
  if (names.length === 0) return undefined;
  return z.object(Object.fromEntries(names.map((name) => [name, z.string().min(1).max(300)])));
}

const ERROR_ANSWER = { description: 'An error', content: { [PROBLEM_TYPE]: { schema: problem } } };

function schemaOf(name: string, definition: Endpoint): Record<string, unknown> {
  const params = pathParameters(definition.path);
  return {
    operationId: name,
    summary: definition.summary,
    description: `Permission: ${definition.permission}`,
    tags: [definition.tag],
    security: definition.permission === 'anonymous' ? [] : [{ token: [] }],
    ...(params ? { params } : {}),
    ...(definition.query ? { querystring: definition.query } : {}),
    ...(definition.body ? { body: definition.body } : {}),
    response: { [definition.status ?? 200]: definition.response, default: ERROR_ANSWER },
  };
}

function addEndpoints(app: FastifyInstance, handlers: Handlers<EndpointName>): void {
  for (const [name, definition] of Object.entries<Endpoint>(endpoints)) {
    const handler = handlers[name as EndpointName] as (request: unknown) => Promise<unknown>;
    app.withTypeProvider<ZodTypeProvider>().route({
      method: definition.method,
      url: `/api/v1${definition.path}`,
      config: { permission: definition.permission },
      schema: schemaOf(name, definition),
      schemaErrorFormatter: (issues, part) => errors.request_invalid({ reason: describe(issues, part) }),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const result = await handler({
          params: request.params ?? {},
          query: request.query ?? {},
          body: request.body ?? {},
          principal: request.principal,
          remote: request.ip,
        });
        return reply.code(definition.status ?? 200).send(result);
      },
    });
  }
}

/** Stands where Fastify would load compilers of its own, which cost memory and would never be used. */
function noCompiler(): never {
  throw new TypeError('every schema is compiled by Zod');
}

/**
 * Makes the HTTP server of the API, without listening. Webhooks, streams and health are added to it by their own
 * functions, before `ready()`.
 */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: options.limits.bodyBytes,
    trustProxy: options.trustProxy,
    routerOptions: {
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      caseSensitive: true,
      maxParamLength: 300,
    },
    logger: false,
    frameworkErrors: (thrown, _request, reply) => void answerError(thrown, reply as FastifyReply, options),
    forceCloseConnections: true,
    requestTimeout: 120_000,
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  addErrorHandling(app, options);
  addAuthentication(app, options);
  addBodyParsing(app, options);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Counterpoint',
        version: options.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const { handlers } = options;
  if (!handlers) return app;
  await app.register(async (scope) => {
    addEndpoints(scope, handlers);
    scope.get('/api/v1/openapi.json', { config: { permission: 'self:read' }, schema: { hide: true } }, async () =>
      app.swagger(),
    );
  });
  return app;
}
