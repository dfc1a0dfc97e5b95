import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConnector, lintManifest, loadManifest } from '@counterpoint/connector-kit';
import type { SimulatorFactory } from '@counterpoint/connector-kit/simulator';
import { callSimulator } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { scaffoldConnector } from './scaffold-connector.ts';

describe('a scaffolded connector', () => {
  const files = scaffoldConnector('acme_cloud', []);

  it('has the files that every connector has', () => {
    expect([...files.keys()].sort()).toEqual(['README.md', 'connector.test.ts', 'manifest.yaml', 'simulator.ts']);
  });

  it('lints clean, and works against its simulator', async () => {
    const manifest = loadManifest(files.get('manifest.yaml') ?? '');
    expect(manifest).toMatchObject({ id: 'acme_cloud', title: 'Acme Cloud' });
    expect(lintManifest(manifest)).toEqual([]);
    const folder = mkdtempSync(join(import.meta.dirname, 'scaffold-'));
    try {
      writeFileSync(join(folder, 'simulator.ts'), files.get('simulator.ts') ?? '');
      const { simulate } = (await import(join(folder, 'simulator.ts'))) as { simulate: SimulatorFactory };
      const running = await simulate();
      const connector = defineConnector({ manifest });
      const output = await connector.perform('get_item', callSimulator(connector, running, { id: '1' }));
      expect(output).toEqual({ id: '1', name: 'An item' });
      await running.server.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused under a name that is taken, or is no name', () => {
    expect(() => scaffoldConnector('slack', ['slack'])).toThrow('there is a connector slack already');
    for (const name of ['Acme', '../x', 'a-b', '', 'a__b', '1a']) {
      expect(() => scaffoldConnector(name, [])).toThrow('is not snake_case');
    }
  });
});
