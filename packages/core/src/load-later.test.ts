import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLater } from './load-later.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-later-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('loadLater', () => {
  it('loads nothing until it is asked, then once, as seen from the caller', () => {
    const file = join(folder, 'heavy.cjs');
    writeFileSync(file, 'exports.loadedAt = process.hrtime.bigint();');
    const heavy = loadLater<{ readonly loadedAt: bigint }>(
      './heavy.cjs',
      pathToFileURL(join(folder, 'caller.ts')).href,
    );
    const { cache } = createRequire(import.meta.url);
    expect(cache[file]).toBeUndefined();
    expect(heavy().loadedAt).toBeTypeOf('bigint');
    expect(heavy()).toBe(cache[file]?.exports);
  });

  it('says which module is missing', () => {
    expect(() => loadLater('./nothing.cjs', pathToFileURL(join(folder, 'caller.ts')).href)()).toThrow('nothing.cjs');
  });
});
