import { type Endpoint, endpoints } from '@counterpoint/contracts';
import { createMemoryStore } from '@counterpoint/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Surface, startSurface } from './testing/surface.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let surface: Surface;
let text: string;
let document: Document;
beforeAll(async () => {
  surface = await startSurface(createMemoryStore());
  const headers = { authorization: `Bearer ${surface.owner}` };
  const answer = await surface.send({ path: '/api/v1/openapi.json', headers });
  expect(answer.status).toBe(200);
  text = answer.text;
  document = JSON.parse(text);
});
afterAll(() => surface.close());

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(text));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it.each(Object.entries<Endpoint>(endpoints))('describes %s', (name, definition) => {
    const path = `/api/v1${definition.path.replace(/:(\w+)/g, '{$1}')}`;
    const operation = document.paths[path]?.[definition.method.toLowerCase()];
    expect(operation).toMatchObject({ operationId: name, summary: definition.summary });
    expect(operation?.security).toHaveLength(definition.permission === 'anonymous' ? 0 : 2);
    expect(Object.keys(operation?.responses ?? {})).toEqual([String(definition.status ?? 200), 'default']);
    expect(operation?.requestBody !== undefined).toBe(definition.body !== undefined);
    const wanted = [...definition.path.matchAll(/:(\w+)/g)].map(([, param]) => `path ${param}`);
    const query = Object.keys(definition.query?.shape ?? {}).map((param) => `query ${param}`);
    const listed = (operation?.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(listed.sort()).toEqual([...wanted, ...query].sort());
  });

  it('names errors as what they are', () => {
    const answers = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    for (const { operationId, responses } of answers) {
      const content = responses.default?.content;
      expect(content, operationId).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });

  it('describes nothing else', () => {
    const count = Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length;
    expect(count).toBe(Object.keys(endpoints).length);
  });
});
