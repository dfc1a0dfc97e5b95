import { type Endpoint, isChange, problem } from '@counterpoint/contracts';
import { z } from 'zod';
import { errors } from './errors.ts';
import { PROBLEM_TYPE } from './problem.ts';

/** What does not fit, as the validator says it. */
interface Issue {
  readonly instancePath?: string;
  readonly message?: string;
  /** For a choice of several forms: what is wrong with each of them. */
  readonly params?: { readonly errors?: readonly (readonly z.core.$ZodIssue[])[] };
}

/** For a part that may have several forms, what is wrong with the one that was most likely meant. */
function meant(issue: Issue): readonly Issue[] {
  const forms = issue.params?.errors ?? [];
  // Something of another type altogether was not meant so.
  const near = forms.filter(([first]) => first && !(first.code === 'invalid_type' && first.path.length === 0));
  const [best] = near.toSorted((one, other) => one.length - other.length);
  if (!best) return [issue];
  const at = (issue.instancePath ?? '').replace(/\/$/, '');
  return best.map(({ path, message }) => ({ instancePath: `${at}/${path.join('/')}`, message }));
}

/** Says what is wrong with a part of a request, at most five things. */
function describe(issues: readonly Issue[], part: string): string {
  return issues
    .flatMap(meant)
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

/** What Fastify and the OpenAPI document are told about an operation. */
export function schemaOf(name: string, definition: Endpoint): Record<string, unknown> {
  const params = pathParameters(definition.path);
  return {
    operationId: name,
    summary: definition.summary,
    description: `Permission: ${definition.permission}${isChange(definition) ? '. Takes an Idempotency-Key.' : ''}`,
    tags: [definition.tag],
    security: definition.permission === 'anonymous' ? [] : [{ token: [] }, { session: [] }],
    ...(params ? { params } : {}),
    ...(definition.query ? { querystring: definition.query } : {}),
    ...(definition.body ? { body: definition.body } : {}),
    response: { [definition.status ?? 200]: definition.response, default: ERROR_ANSWER },
  };
}

/** The largest body, in bytes, of who has not proven themselves before it is read: a name and a password, a code, a key. */
const UNPROVEN_BYTES = 16 * 1024;

/** What Fastify is told about the body of an operation; by default the limit of all. */
export function bodyLimitOf({ permission }: Pick<Endpoint, 'permission'>): { readonly bodyLimit?: number } {
  return permission === 'anonymous' ? { bodyLimit: UNPROVEN_BYTES } : {};
}

/** What a request is answered that does not fit its operation. */
export function validationError(issues: readonly Issue[], part: string): Error {
  return errors.request_invalid({ reason: describe(issues, part) });
}
