import { Readable } from 'node:stream';
import { exportAudit } from '@counterpoint/audit';
import type { Clock } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';
import type { FastifyInstance } from 'fastify';

/** What the export of the audit log needs. */
export interface AuditExportServices {
  readonly store: Reader;
  readonly clock: Clock;
  /** Id of the installation, which the export names. */
  readonly installation: string;
}

/** Adds `GET /api/v1/audit/export`: the whole audit log as JSON lines, as `@counterpoint/audit` writes and reads them. */
export function addAuditExport(app: FastifyInstance, { store, clock, installation }: AuditExportServices): void {
  const options = { config: { permission: 'audit:read' }, schema: { hide: true } };
  app.get('/api/v1/audit/export', options, async (_request, reply) => {
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    return reply
      .type('application/jsonl')
      .header('content-disposition', `attachment; filename="counterpoint-audit-${day}.jsonl"`)
      .send(Readable.from(exportAudit(store, installation)));
  });
}
