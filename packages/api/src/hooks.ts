import { type Clock, isCounterpointError, type Json, type Limits, newTraceId, parseJson } from '@counterpoint/core';
import type { Engine, PlanSource, PublishedTrigger, WebhookTrigger } from '@counterpoint/engine';
import type { SourceRow, Store } from '@counterpoint/events';
import { authenticateRequest, type Ingest, ingestErrors, type OpenSecret } from '@counterpoint/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createBodyReader } from './body-reader.ts';
import { errors } from './errors.ts';

const SYNC_TIMEOUT = 60_000;

/** What the front door leads to. */
export interface HookServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly ingest: Ingest;
  readonly engine: Engine;
  readonly plans: PlanSource;
  readonly openSecret: OpenSecret;
  readonly limits: Limits;
}

/** What a caller is told. */
interface HookAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Remembers sources until one changes; another process's change is seen after five seconds. */
function createSourceCache({ store, clock }: HookServices): (id: string) => Promise<SourceRow | undefined> {
  const known = new Map<string, { row: SourceRow; staleAt: number }>();
  store.onCommitted((change) => {
    if (change.rows?.some(({ table }) => table === 'sources')) known.clear();
  });
  return async (id) => {
    const cached = known.get(id);
    if (cached && clock.now() < cached.staleAt) return cached.row;
    const row = await store.get('sources', id);
    if (row) known.set(id, { row, staleAt: clock.now() + 5_000 });
    return row;
  };
}

async function startPlaybook(
  services: HookServices,
  source: SourceRow,
  trigger: PublishedTrigger<WebhookTrigger>,
  request: FastifyRequest,
  body: Buffer,
): Promise<HookAnswer> {
  const { engine, clock, limits, openSecret } = services;
  const { delivery } = await authenticateRequest(
    source,
    { headers: request.headers, body, now: clock.now() },
    openSecret,
  );
  const principal = `source:${source.id}`;
  const wanted = {
    id: delivery,
    body: parseJson(body.toString('utf8'), limits.jsonDepth) as Json,
    causality: { principal, trace: newTraceId(), cause: principal, hop: 0 },
    simulated: source.simulated,
  };
  if (!trigger.trigger.sync) {
    const started = await engine.handleWebhook(trigger, wanted);
    return { status: 202, body: { run: null, ...started } };
  }
  const ended = await engine.handleWebhookAndWait(trigger, wanted, SYNC_TIMEOUT);
  if (!ended) return { status: 200, body: { run: null } };
  const { run, finished } = ended;
  if (!finished) return { status: 202, body: { run, status: 'running' } };
  const { status, outputs, error } = finished;
  return { status: status === 'succeeded' ? 200 : 422, body: { run, status, outputs, error } };
}

async function takeIn(
  services: HookServices,
  source: SourceRow,
  request: FastifyRequest,
  body: Buffer,
): Promise<HookAnswer> {
  const mediaType = request.headers['content-type'] ?? 'application/json';
  const { status, raw, trace } = await services.ingest.receive({ source, headers: request.headers, body, mediaType });
  return { status: status === 'accepted' ? 202 : 200, body: { status, raw, trace } };
}

async function answer(services: HookServices, source: SourceRow, request: FastifyRequest): Promise<HookAnswer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const trigger = await services.plans.forWebhook(source.id);
  const taken = source.normalizer === '' ? undefined : await takeIn(services, source, request, body);
  const started = trigger && (await startPlaybook(services, source, trigger, request, body));
  if (!taken && !started) {
    const { clock, openSecret } = services;
    await authenticateRequest(source, { headers: request.headers, body, now: clock.now() }, openSecret);
    throw errors.source_idle({ source: source.id });
  }
  return { status: started?.status ?? taken?.status ?? 202, body: { ...taken?.body, ...started?.body } };
}

// Whoever cannot prove themselves does not learn which sources there are, so every such answer is the same one.
const unknownSender = () =>
  ingestErrors.unauthenticated({ reason: 'there is no such source, or what proves its sender is not right' });

/**
 * Adds `POST /hooks/:source`, the one front door for what comes in. The source proves itself (token or signature); its
 * body becomes alerts when it has a normaliser, and starts the playbook whose webhook trigger names it. Answers 2xx
 * only after what was sent is durable; what a source refuses here is counted for it.
 */
export function addHooks(app: FastifyInstance, services: HookServices): void {
  const sourceOf = createSourceCache(services);
  const asked = ({ params }: FastifyRequest) => sourceOf((params as { source: string }).source);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', createBodyReader(services.limits.bodyBytes));
    // A body beyond the limit never reaches the handler.
    scope.addHook('onError', async (request, _reply, error) => {
      if (!isCounterpointError(error, 'core.body_too_large')) return;
      const source = await asked(request);
      if (source) services.ingest.turnedAway(source, error, request.ip);
    });
    scope.post(
      '/hooks/:source',
      { config: { permission: 'anonymous' }, schema: { hide: true } },
      async (request, reply) => {
        const source = await asked(request);
        if (!source) throw unknownSender();
        try {
          const { status, body } = await answer(services, source, request);
          return reply.code(status).send(body);
        } catch (error) {
          services.ingest.turnedAway(source, error, request.ip);
          throw isCounterpointError(error, 'ingest.unauthenticated') ? unknownSender() : error;
        }
      },
    );
  });
}
