import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectErrors } from './errors.ts';

const root = join(import.meta.dirname, '../..');

describe('error catalogue', () => {
  it('gives every error words for what happened and what to do', async () => {
    const errors = await collectErrors(root);
    expect(errors.size).toBeGreaterThan(20);
    for (const [code, spec] of errors) {
      expect(code, code).toMatch(/^[a-z_]+\.[a-z0-9_]+$/);
      expect(spec.message, code).toMatch(/[.})]$/);
      expect(spec.help, code).toMatch(/\.$/);
      expect(spec.status, code).toBeGreaterThanOrEqual(400);
    }
  });

  it('has no entry that nothing throws', async () => {
    const sources = globSync('{packages,apps}/*/src/**/*.ts', { cwd: root })
      .filter((file) => !file.endsWith('errors.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    const unused = [...(await collectErrors(root)).keys()].filter((code) => {
      const name = code.slice(code.indexOf('.') + 1);
      return !new RegExp(`\\b${name}\\b`).test(sources);
    });
    expect(unused).toEqual([]);
  });
});
