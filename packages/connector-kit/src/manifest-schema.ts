import { nearest } from '@counterpoint/core';
import { z } from 'zod';

/** A strict object whose complaint about an unknown key names the nearest known one. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const described = issue.keys.map((key) => {
        const near = nearest(key, known);
        return near === undefined ? `"${key}"` : `"${key}" (did you mean "${near}"?)`;
      });
      return `unknown key ${described.join(', ')}`;
    },
  });
}

const text = z.string().min(1);
const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|min|h|d|w)$/, 'must be a duration such as 30s');
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be snake_case');
const jsonSchema = z.record(z.string(), z.json());
const reference = { action: name, with: z.json() };

const errorName = z.enum([
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'rate_limited',
  'unavailable',
  'timeout',
  'bad_response',
  'egress_denied',
]);

const errorMapping = strict({ when: text, error: errorName, message: text.optional() });

const request = strict({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/'),
  query: z.json().optional(),
  headers: z.json().optional(),
  body: z.json().optional(),
  form: z.json().optional(),
  multipart: z.json().optional(),
});

const pages = { items: text, parameter: text, max_pages: z.int().min(1).max(1000) };
const paging = z.discriminatedUnion('kind', [
  strict({ kind: z.literal('cursor'), next: text, ...pages }),
  strict({ kind: z.literal('offset'), size: z.int().min(1), ...pages }),
  strict({ kind: z.literal('page'), ...pages }),
]);

const action = strict({
  title: text,
  description: text.optional(),
  effect: z.enum(['read', 'notify', 'change', 'contain', 'destroy']),
  input: jsonSchema,
  output: jsonSchema,
  idempotent: z.boolean(),
  target: text.optional(),
  preexisting: text.optional(),
  before: strict(reference).optional(),
  inverse: strict(reference).optional(),
  irreversible: text.optional(),
  unverifiable: text.optional(),
  verify: strict({ ...reference, holds: text, expires_in: text.optional(), expires_at: text.optional() }).optional(),
  lease: strict({ argument: name }).optional(),
  completion: strict({
    poll: strict(reference),
    done: text,
    failed: text.optional(),
    result: z.json(),
    interval: duration,
    timeout: duration,
  }).optional(),
  timeout: duration.optional(),
  request: request.optional(),
  paging: paging.optional(),
  result: z.json().optional(),
  errors: z.array(errorMapping).optional(),
  accept: z.array(z.int().min(300).max(599)).optional(),
  minutes_saved: z.number().min(0).optional(),
});

/** The form of a manifest; what it says is checked after it. */
export const manifestSchema = strict({
  id: name,
  title: text,
  vendor: text,
  description: text,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a semantic version such as 1.0.0'),
  documentation: z.url(),
  builtin: z.boolean().optional(),
  connection: jsonSchema,
  base_url: text.optional(),
  allowed_hosts: text.optional(),
  auth: strict({ headers: z.json().optional(), query: z.json().optional() }).optional(),
  rate_limit: strict({ requests: z.int().min(1), per: duration }).optional(),
  errors: z.array(errorMapping).optional(),
  test: strict(reference).optional(),
  capabilities: z.record(name, name).optional(),
  actions: z.record(name, action),
});
