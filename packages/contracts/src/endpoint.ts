import type { Json } from '@counterpoint/core';
import { z } from 'zod';

/**
 * One operation of the HTTP API, as data: the server takes its routes, permissions and OpenAPI from these, and the
 * client its methods and types.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/api/v1`, with `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /**
   * What the caller must be allowed; `self:read` and `self:write` ask for no more than being signed in and are about what is
   * one's own, `anonymous` stands only where the request itself proves who calls.
   */
  readonly permission: string;
  /** Whether it changes something. Default: every method but GET does, unless the permission is one to read. */
  readonly changes?: boolean;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Status of success; default 200. */
  readonly status?: 200 | 201 | 202 | 204;
}

/**
 * Whether an operation changes something: then it may be asked for under a key in the header `idempotency-key`, so that asking
 * again does not do it again. What is about one's own session does not need that.
 */
export function isChange({ method, permission, changes }: Endpoint): boolean {
  if (permission === 'anonymous' || permission === 'self:write') return false;
  return changes ?? (method !== 'GET' && !permission.endsWith(':read'));
}

/** Declares an endpoint, keeping its precise types. */
export function endpoint<const Definition extends Endpoint>(definition: Definition): Definition {
  return definition;
}

/** Query parameters of every list: how many, and from where on. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('At most so many items'),
  cursor: z.string().max(500).optional().describe('`next` of the page before'),
});

/** One page of a list; `next` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Unix milliseconds. */
export const time = z.number().int().describe('Unix milliseconds');

/**
 * Any JSON value. Not looked at again: what comes in was parsed from JSON within the depth limit, and what goes out is
 * written as JSON; walking large findings node by node would cost more than everything else about an answer.
 */
export const json = z.unknown().describe('Any JSON value') as z.ZodType as z.ZodType<Json, Json>;

/** An error answer (RFC 9457, `application/problem+json`). */
export const problem = z
  .object({
    type: z.string().describe('URN of the error code; the reference of errors explains it'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable code, such as `identity.token_invalid`'),
    detail: z.string().describe('What happened'),
    help: z.string().describe('What to do next'),
    retryable: z.boolean(),
    details: z.record(z.string(), json).optional(),
  })
  .meta({ id: 'Problem' });

/** The body of an error answer. */
export type Problem = z.infer<typeof problem>;
