import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/**
 * Adds `/healthz` (the process answers), `/readyz` (migrations, store and engine are up) and `/metrics`. The first two
 * say nothing else and are open; metrics need the permission `metrics:read`.
 */
export function addHealth(
  app: FastifyInstance,
  options: { readonly ready: () => Promise<boolean>; readonly frozen: () => boolean; readonly metrics: Metrics },
): void {
  const open = { config: { permission: 'anonymous' }, schema: { hide: true } } as const;
  app.get('/healthz', open, async () => ({ status: 'ok' }));
  app.get('/readyz', open, async (_request, reply) => {
    const ready = await options.ready().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: !ready ? 'not ready' : options.frozen() ? 'frozen' : 'ready' });
  });
  app.get('/metrics', { config: { permission: 'metrics:read' }, schema: { hide: true } }, async (_request, reply) => {
    const { contentType, text } = await options.metrics.render();
    return reply.type(contentType).send(text);
  });
}
