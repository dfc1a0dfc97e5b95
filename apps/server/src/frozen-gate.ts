import type { Engine } from '@counterpoint/engine';
import type { FastifyInstance } from 'fastify';
import { errors } from './errors.ts';
import type { Frost } from './frozen.ts';

/** Says on every answer that the server is frozen. */
const HEADER = 'counterpoint-frozen';

/** What may be written while the server is frozen: inputs, and what leads to its release. */
const OPEN = ['/hooks/', '/api/v1/restore/', '/api/v1/setup', '/api/v1/session', '/api/v1/password', '/api/v1/tokens'];

/** Refuses everything that would change something while a restored backup is frozen. @throws server.frozen */
export function refuseWhileFrozen(app: FastifyInstance, frost: Frost): void {
  app.addHook('onRequest', async (request, reply) => {
    const frozen = frost.frozen();
    if (!frozen) return;
    reply.header(HEADER, new Date(frozen.restored_at).toISOString());
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
    if (!OPEN.some((path) => request.url.startsWith(path))) throw errors.frozen();
  });
}

/** An engine for the front door that starts nothing while the server is frozen; the sender tries again. */
export function frozenEngine(engine: Engine, frost: Frost): Engine {
  return {
    ...engine,
    async handleWebhook(trigger, delivery) {
      if (frost.frozen()) throw errors.frozen();
      return engine.handleWebhook(trigger, delivery);
    },
    async handleWebhookAndWait(trigger, delivery, timeout) {
      if (frost.frozen()) throw errors.frozen();
      return engine.handleWebhookAndWait(trigger, delivery, timeout);
    },
  };
}
