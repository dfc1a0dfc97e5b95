import type { JsonSchema } from '@counterpoint/connector-kit';
import { type Endpoint, endpoints } from '@counterpoint/contracts';
import { z } from 'zod';
import { GENERATED, table } from './markdown.ts';
import { fieldTable } from './schema-fields.ts';

function part(title: string, schema: z.ZodType | undefined): string {
  if (!schema) return '';
  const fields = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonSchema;
  const named = (fields.$defs ?? {}) as Readonly<Record<string, JsonSchema>>;
  const choices = ((fields.anyOf ?? []) as readonly JsonSchema[]).map(
    (one) => named[String(one.$ref).replace('#/$defs/', '')] ?? one,
  );
  const objects = choices.filter(({ type }) => type === 'object');
  if (objects.length === 0) return `\n\n${title}:\n\n${fieldTable(fields, 'No fields.')}`;
  const list = choices.some(({ type }) => type === 'array') ? ', or a list of such' : '';
  const tables = objects.map((one) => fieldTable(one, 'No fields.'));
  return `\n\n${title}${list}:\n\n${tables.join('\n\nor:\n\n')}`;
}

/** The section of one operation. */
export function operationSection([name, definition]: [string, Endpoint]): string {
  const { method, path, summary, permission, query, body, status } = definition;
  const success = status && status !== 200 ? ` Answers ${status}.` : '';
  return `### ${method} ${path}

${summary}. Operation \`${name}\`, permission \`${permission}\`.${success}${part('Query', query)}${part('Body', body)}`;
}

const OUTSIDE = table(
  ['operation', 'permission', 'what it does'],
  [
    [
      '`POST /hooks/:source`',
      'the source proves itself',
      'Takes alerts in: 202 when stored, 200 for a delivery that was here before. A source that starts a playbook with `sync: true` gets its outputs',
    ],
    [
      '`GET /api/v1/stream`',
      '`run:read`',
      'Server-sent events `run`, `alert`, `case`, `effect`, each sent after it became durable',
    ],
    ['`GET /api/v1/openapi.json`', '`self:read`', 'The OpenAPI 3.1 document of the operations below'],
    ['`GET /healthz`', 'none', 'The process answers'],
    ['`GET /readyz`', 'none', '200 when migrations are done and the store answers, else 503'],
    ['`GET /metrics`', '`metrics:read`', 'Prometheus metrics'],
  ],
);

/** The reference page of the HTTP API. */
export async function httpApiPage(): Promise<string> {
  const groups = new Map<string, [string, Endpoint][]>();
  for (const entry of Object.entries<Endpoint>(endpoints))
    groups.set(entry[1].tag, [...(groups.get(entry[1].tag) ?? []), entry]);
  const sections = [...groups].map(([tag, list]) => `## ${tag}\n\n${list.map(operationSection).join('\n\n')}`);
  return `${GENERATED}
# HTTP API

Paths stand under \`/api/v1\`. Bodies and answers are JSON; times are Unix milliseconds. A caller shows a token:
\`Authorization: Bearer cpt_…\`, or has the session of a browser: then every change also carries \`csrf\` of
\`GET /session\` in the header \`x-csrf-token\`. What a permission allows is said in [permissions](permissions.md). The same as an OpenAPI
3.1 document: [openapi.json](openapi.json).

- **Lists** take \`limit\` (1 to 500, default 50) and \`cursor\`, and answer \`items\` and \`next\`. Pass \`next\` as the cursor of
  the following page; it is null on the last one.
- **Errors** are \`application/problem+json\` (RFC 9457) with \`code\`, \`detail\`, \`help\` and \`retryable\`; all codes stand in
  [errors](errors.md). Unknown fields are refused.
- **Without a valid token** every path answers 401, also one that does not exist.

## Outside of the list below

${OUTSIDE}

${sections.join('\n\n')}
`;
}
