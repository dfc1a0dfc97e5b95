import { type Endpoint, type EndpointName, endpoints, isChange } from '@counterpoint/contracts';
import { type Clock, type Limits, parseJson, type Redactor } from '@counterpoint/core';
import type { Participant } from '@counterpoint/fabric';
import { bearerOf, identityErrors, type Principal } from '@counterpoint/identity';
import cookies from '@fastify/cookie';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { answerHeaders } from './answer-headers.ts';
import { type AnswerPage, addConsole } from './console/add-console.ts';
import { errors } from './errors.ts';
import type { Handlers } from './handler-types.ts';
import type { Once } from './once/once.ts';
import { PROBLEM_TYPE, problemBody, toProblemError } from './problem.ts';
import { bodyLimitOf, schemaOf, validationError } from './route-schema.ts';
import { browserOf } from './session/browser.ts';
import { cookieName } from './session/cookie-name.ts';
import { isReading } from './session/foreign.ts';
import type { Gate } from './session/gate.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What the caller must be allowed; `anonymous` where the request proves itself otherwise, `participant` where a tool
     * on the fabric speaks for itself. Every route has one.
     */
    permission?: string;
    /** Asking for it is no use of a session. Default false. */
    passive?: boolean;
  }
  interface FastifyRequest {
    /** Set before any handler of a route for people and their tokens. */
    principal: Principal | null;
    /** Set before any handler of a route for participants. */
    participant: Participant | null;
  }
}

/** What the HTTP surface needs. */
export interface ApiOptions {
  /** Undefined: the process serves no API, only what is added to it, such as health. */
  readonly handlers: Handlers<EndpointName> | undefined;
  readonly gate: Gate;
  /** Folder of the built console; undefined: this process serves none. */
  readonly consoleDir?: string | undefined;
  /** Who a token speaks for on the routes of participants; undefined: there are none. @throws fabric errors with status 401 or 403 */
  readonly authenticateParticipant?: (token: string) => Promise<Participant>;
  /** Does changes once that are asked for under a key; undefined: keys mean nothing here. */
  readonly once?: Once;
  /** @throws an identity error with status 403 */
  readonly authorise: (principal: Principal, permission: string) => void;
  readonly limits: Limits;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Whether the proxy that is connected is believed about who asks: what it wrote last in `X-Forwarded-*`, and nothing before. */
  readonly trustProxy: boolean;
  readonly version: string;
  /** Told about defects: a reference that the caller was given, and what was thrown. */
  readonly onDefect: (reference: string, thrown: unknown) => void;
}

/** Where the routes of participants stand. */
const FOR_PARTICIPANTS = '/fabric/';

/** @throws fabric.participant_unauthenticated and others, identity.unauthenticated where nobody is let in as a participant */
async function participantOf(request: FastifyRequest, options: ApiOptions): Promise<Participant> {
  const { authorization } = request.headers;
  if (!options.authenticateParticipant) throw identityErrors.unauthenticated();
  return options.authenticateParticipant(bearerOf(authorization ?? '') ?? '');
}

function answerError(thrown: unknown, reply: FastifyReply, options: ApiOptions) {
  const limit = reply.request.routeOptions.bodyLimit ?? options.limits.bodyBytes;
  const error = toProblemError(thrown, limit, options.onDefect);
  return reply
    .code(error.status)
    .headers(answerHeaders)
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(problemBody(error, options.redactor));
}

/** Whoever may see nothing also may not learn which routes there are. */
async function refuseUnknown(request: FastifyRequest, options: ApiOptions): Promise<never> {
  if (request.url.startsWith(FOR_PARTICIPANTS)) await participantOf(request, options);
  else await options.gate.principalOf(request);
  throw errors.route_unknown({ method: request.method, path: request.url.slice(0, 200) });
}

function addErrorHandling(app: FastifyInstance, options: ApiOptions, answerPage: AnswerPage | undefined): void {
  app.setErrorHandler((thrown, _request, reply) => answerError(thrown, reply, options));
  app.setNotFoundHandler(async (request, reply) => {
    try {
      const page = answerPage?.(request, reply);
      return page ? await page : await refuseUnknown(request, options);
    } catch (thrown) {
      return answerError(thrown, reply, options);
    }
  });
}

function addAuthentication(app: FastifyInstance, options: ApiOptions): void {
  app.decorateRequest('principal', null);
  app.decorateRequest('participant', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined)
      throw new Error(`the route ${route.method} ${route.url} declares no permission`);
  });
  app.addHook('onRequest', async (request) => {
    // Before the body is read, which nobody asked for.
    if (request.is404 && !isReading(request)) return refuseUnknown(request, options);
    const permission = request.routeOptions.config.permission;
    if (permission === undefined || permission === 'anonymous') return;
    if (permission === 'participant') {
      request.participant = await participantOf(request, options);
      return;
    }
    request.principal = await options.gate.principalOf(request);
    options.authorise(request.principal, permission);
  });
}

/** Pages and files say for themselves how they are to be kept and what they may do. */
function addAnswerHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    if (reply.hasHeader('cache-control')) return;
    reply.headers(answerHeaders);
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

const KEY = /^[\w-]{22,100}$/;

/** What a change is asked for under; undefined where it is done as often as it is asked for. @throws api.request_invalid */
function keyOf({ headers }: FastifyRequest, definition: Endpoint): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || !isChange(definition)) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw errors.request_invalid({ reason: 'idempotency-key is not one random text of 22 to 100 letters and digits' });
}

/** Does what a request asks for; once, when it comes with a key. */
function perform(request: FastifyRequest, definition: Endpoint, once: Once | undefined, work: () => Promise<unknown>) {
  const key = keyOf(request, definition);
  const { principal } = request;
  if (!once || key === undefined || !principal) return work();
  const what = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
  return once.run({ principal: principal.ref, person: principal.userId, key, what }, work);
}

function addEndpoints(app: FastifyInstance, handlers: Handlers<EndpointName>, { gate, once }: ApiOptions): void {
  for (const [name, definition] of Object.entries<Endpoint>(endpoints)) {
    const handler = handlers[name as EndpointName] as (request: unknown) => Promise<unknown>;
    app.withTypeProvider<ZodTypeProvider>().route({
      method: definition.method,
      url: `/api/v1${definition.path}`,
      config: { permission: definition.permission },
      ...bodyLimitOf(definition),
      schema: schemaOf(name, definition),
      schemaErrorFormatter: validationError,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const result = await perform(request, definition, once, () =>
          handler({
            params: request.params ?? {},
            query: request.query ?? {},
            body: request.body ?? {},
            principal: request.principal,
            remote: request.ip,
            browser: browserOf(request, reply, gate),
          }),
        );
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
    // Whatever stands before the last entry came from outside: whoever asks could write any address there.
    trustProxy: options.trustProxy && ((_address, hop) => hop === 0),
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
  await app.register(cookies);
  addAnswerHeaders(app);
  addAuthentication(app, options);
  const answerPage = options.consoleDir === undefined ? undefined : await addConsole(app, options.consoleDir);
  addErrorHandling(app, options, answerPage);
  addBodyParsing(app, options);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Counterpoint',
        version: options.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: cookieName('') },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const { handlers } = options;
  if (!handlers) return app;
  await app.register(async (scope) => {
    addEndpoints(scope, handlers, options);
    scope.get('/api/v1/openapi.json', { config: { permission: 'self:read' }, schema: { hide: true } }, async () =>
      app.swagger(),
    );
  });
  return app;
}
