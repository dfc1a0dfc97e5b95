import { existsSync } from 'node:fs';
import { lintManifest } from '@counterpoint/connector-kit';
import { describe, expect, it } from 'vitest';
import { connectors } from './connectors.ts';
import { simulators } from './simulators.ts';

describe('the connectors', () => {
  it('each have a simulator', () => {
    expect([...connectors.keys()]).toEqual(Object.keys(simulators));
    expect(connectors.size).toBeGreaterThan(6);
  });
});

describe('every connector', () => {
  it.each([...connectors])('%s lints without an error, and has its test and its page', (id, { manifest }) => {
    expect(lintManifest(manifest).filter(({ level }) => level === 'error')).toEqual([]);
    for (const file of ['README.md', 'connector.test.ts']) {
      expect(existsSync(new URL(`./${id}/${file}`, import.meta.url)), file).toBe(true);
    }
  });

  it('that looks up addresses is found by its capability', () => {
    const providers = [...connectors.values()].filter(({ manifest }) => manifest.capabilities?.lookup_ip);
    expect(providers.map(({ manifest }) => manifest.id)).toEqual(['abuseipdb', 'greynoise', 'virustotal']);
  });
});
