import { z } from 'zod';
import { endpoint, json, pageOf, time } from '../endpoint.ts';

const table = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  key: z.string().describe('What a row is found by, in words'),
  columns: z.record(z.string(), json).describe('Column and its JSON Schema'),
  rows: z.number().int().describe('How many rows it has'),
});

const row = z.object({
  key: z.string(),
  value: json,
  created_at: time,
  updated_at: time,
  principal: z.string().describe('Who changed it last'),
  trace: z.string(),
  cause: z.string(),
});

/** The tables that playbooks keep. */
export const tableEndpoints = {
  listTables: endpoint({
    method: 'GET',
    path: '/tables',
    summary: 'List the declared tables',
    tag: 'tables',
    permission: 'table:read',
    response: z.object({ items: z.array(table) }),
  }),
  getTable: endpoint({
    method: 'GET',
    path: '/tables/:id',
    summary: 'Look at the declaration of a table',
    tag: 'tables',
    permission: 'table:read',
    response: table,
  }),
  listTableRows: endpoint({
    method: 'GET',
    path: '/tables/:id/rows',
    summary: 'List the rows of a table in the order of their keys',
    tag: 'tables',
    permission: 'table:read',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(500).default(50).describe('At most so many items'),
      cursor: z.string().max(500).optional().describe('`next` of the page before'),
      key: z.string().max(500).optional().describe('Only the row under this key'),
    }),
    response: pageOf(row),
  }),
};
