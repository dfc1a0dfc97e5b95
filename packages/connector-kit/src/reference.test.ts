import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lintManifest } from './lint.ts';
import { loadManifest } from './load-manifest.ts';
import { manifestSchema } from './manifest-schema.ts';

const page = readFileSync(new URL('../../../docs/reference/connector-manifest.md', import.meta.url), 'utf8');
const example = /^```yaml manifest\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';

/** The names of every field, and the words that stand in one, however deep. */
function namesOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesOf);
  if (schema === null || typeof schema !== 'object') return [];
  const { properties = {}, enum: words = [], ...rest } = schema as { properties?: object; enum?: unknown[] };
  const own = [...Object.keys(properties), ...words.filter((word) => typeof word === 'string')];
  return [...own, ...namesOf(Object.values(properties)), ...namesOf(Object.values(rest))];
}

describe('the reference of manifests', () => {
  it('shows a whole one that loads and of which the linter has nothing to say', () => {
    expect(lintManifest(loadManifest(example))).toEqual([]);
  });

  it('names every field and every word', () => {
    const known = new Set(namesOf(z.toJSONSchema(manifestSchema, { unrepresentable: 'any' })));
    expect(known.size).toBeGreaterThan(50);
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
    const explained = [...page.matchAll(/`([^`\n]+)`/g)].flatMap((match) => (match[1] ?? '').match(/\w+/g) ?? []);
    const told = new Set([...explained, ...methods, ...(example.match(/\w+/g) ?? [])]);
    expect([...known].filter((name) => !told.has(name))).toEqual([]);
  });
});
