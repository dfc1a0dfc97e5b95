import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkLayers, importsOf } from './layer-check.ts';

let root = '';

afterEach(() => rmSync(root, { recursive: true, force: true }));

function tree(files: Readonly<Record<string, string>>): string {
  root = mkdtempSync(join(tmpdir(), 'layers-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const manifest = (name: string, layer: number | undefined, dependencies: readonly string[] = []) =>
  JSON.stringify({
    name: `@counterpoint/${name}`,
    layer,
    exports: { '.': './src/index.ts' },
    dependencies: Object.fromEntries(dependencies.map((other) => [`@counterpoint/${other}`, '1'])),
  });

describe('layer-check', () => {
  it('accepts a downward import', () => {
    const { findings, files } = checkLayers(
      tree({
        'packages/low/package.json': manifest('low', 0),
        'packages/low/src/index.ts': 'export const a = 1;',
        'packages/high/package.json': manifest('high', 1, ['low']),
        'packages/high/src/index.ts': "import { a } from '@counterpoint/low';\nexport const b = a;",
      }),
    );
    expect({ findings, files }).toEqual({ findings: [], files: 2 });
  });

  it.each([
    ['an upward import', 0, "import { a } from '@counterpoint/other';", 'arrows only go down'],
    ['an upward type import', 0, "import type { a } from '@counterpoint/other';", 'arrows only go down'],
    ['a sibling import', 1, "export * from '@counterpoint/other';", 'arrows only go down'],
    ['a dynamic upward import', 0, "const a = await import('@counterpoint/other');", 'arrows only go down'],
    ['a deep import', 2, "import { a } from '@counterpoint/other/src/a.ts';", 'deep import'],
    ['an unknown package', 2, "import { a } from '@counterpoint/nowhere';", 'no workspace'],
    ['a path out of the package', 2, "import { a } from '../../other/src/index.ts';", 'reaches out'],
  ])('refuses %s', (_what, layer, line, expected) => {
    const { findings } = checkLayers(
      tree({
        'packages/other/package.json': manifest('other', 1),
        'packages/other/src/index.ts': 'export const a = 1;',
        'packages/mine/package.json': manifest('mine', layer, ['other']),
        'packages/mine/src/index.ts': line,
      }),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(expected);
  });

  it('refuses an undeclared dependency and an import of a tests-only package', () => {
    const { findings } = checkLayers(
      tree({
        'packages/other/package.json': manifest('other', 0),
        'packages/other/src/index.ts': '',
        'packages/testing/package.json': manifest('testing', undefined),
        'packages/testing/src/index.ts': '',
        'packages/mine/package.json': manifest('mine', 1, ['testing']),
        'packages/mine/src/index.ts': "import '@counterpoint/other';\nimport '@counterpoint/testing';",
      }),
    );
    expect(findings.map((finding) => finding.replace(/^\S+ /, ''))).toEqual([
      'imports @counterpoint/other without declaring it in package.json',
      'imports @counterpoint/testing, which is for tests only',
    ]);
  });

  it('finds an import cycle inside a package', () => {
    const { findings } = checkLayers(
      tree({
        'packages/mine/package.json': manifest('mine', 1),
        'packages/mine/src/a.ts': "import './b.ts';",
        'packages/mine/src/b.ts': "export { a } from './a.ts';",
      }),
    );
    expect(findings[0]).toContain('import cycle');
  });

  it('does not take words in comments for imports', () => {
    expect(importsOf("// import { a } from 'x';\n/* export * from 'y' */\nconst z = 1;")).toEqual([]);
  });
});
