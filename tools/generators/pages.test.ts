import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endpoints } from '@counterpoint/contracts';
import { functionCatalogue } from '@counterpoint/expressions';
import { PERMISSIONS } from '@counterpoint/identity';
import { describe, expect, it } from 'vitest';
import { cliPage } from './cli.ts';
import { connectorPages } from './connectors.ts';
import { expressionsPage } from './expressions.ts';
import { httpApiPage } from './http-api.ts';
import { openapiFile } from './openapi.ts';
import { permissionsPage } from './permissions.ts';
import { fieldTable, typeInWords } from './schema-fields.ts';

const root = join(import.meta.dirname, '../..');

describe('reference pages', () => {
  it('have every function, operation and permission', async () => {
    const expressions = await expressionsPage();
    for (const { name } of functionCatalogue) expect(expressions).toContain(`### ${name}\n`);
    const api = await httpApiPage();
    for (const { method, path } of Object.values(endpoints)) expect(api).toContain(`### ${method} ${path}\n`);
    const permissions = await permissionsPage();
    for (const name of Object.keys(PERMISSIONS)) expect(permissions).toContain(`| \`${name}\` |`);
  });

  it('have no page of a connector that is gone', () => {
    const made = connectorPages().map(({ path }) => path.slice('docs/reference/connectors/'.length));
    expect(readdirSync(join(root, 'docs/reference/connectors')).sort()).toEqual(made.sort());
  });

  it('describe verbs within verbs, whatever the width of the terminal', async () => {
    const page = await cliPage();
    for (const verb of ['start', 'effects undo', 'ingest try', 'config explain'])
      expect(page).toContain(`## counterpoint ${verb}\n`);
    expect(Math.max(...page.split('\n').map((line) => line.length))).toBeLessThanOrEqual(150);
    expect(await cliPage()).toBe(page);
  });

  it('give the OpenAPI document every operation', async () => {
    const { openapi, paths } = JSON.parse(await openapiFile(root));
    expect(openapi).toBe('3.1.0');
    const operations = Object.values<Record<string, { operationId: string }>>(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(operations.sort()).toEqual(Object.keys(endpoints).sort());
  });
});

describe('fieldTable', () => {
  it('names inner fields by their path and says what is special about them', () => {
    const text = fieldTable(
      {
        type: 'object',
        required: ['hosts'],
        properties: {
          hosts: { type: 'array', items: { type: 'object', properties: { ip: { type: 'string', untrusted: true } } } },
          token: { type: 'string', secret: true, minLength: 8, description: 'a | b' },
        },
      },
      'nothing',
    );
    expect(text).toContain('| `hosts` | list of map | yes |');
    expect(text).toContain('| `hosts[].ip` | text |  |  | untrusted: an attacker may have chosen it |');
    expect(text).toContain('a \\| b | at least 8 characters; secret: kept in the vault |');
    expect(fieldTable({ type: 'object' }, 'nothing')).toBe('nothing');
  });

  it('says types in words', () => {
    expect(typeInWords({ type: ['integer', 'null'] })).toBe('integer or null');
    expect(typeInWords({ enum: ['a', 1] })).toBe('one of `a`, `1`');
    expect(typeInWords({ anyOf: [{ type: 'string' }, { type: 'object' }] })).toBe('text or map');
    expect(typeInWords({})).toBe('anything');
  });
});
