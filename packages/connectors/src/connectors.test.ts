import { existsSync, readFileSync } from 'node:fs';
import { lintManifest } from '@counterpoint/connector-kit';
import { describe, expect, it } from 'vitest';
import { generateConnectors, readConnectorFolders } from '../../../tools/generate-connectors.ts';
import { connectors } from './connectors.ts';
import { simulators } from './simulators.ts';

describe('the generated index', () => {
  it('is what the connector folders say (else run `npm run generate`)', () => {
    for (const [name, content] of generateConnectors()) {
      expect(readFileSync(new URL(`./generated/${name}`, import.meta.url), 'utf8'), name).toBe(content);
    }
  });

  it('has every connector with a simulator', () => {
    expect([...connectors.keys()]).toEqual(Object.keys(simulators));
    expect([...connectors.keys()]).toEqual(readConnectorFolders().map(({ id }) => id));
  });
});

describe('every connector', () => {
  it.each([...connectors])('%s lints without an error, and has its test and its page', (id, { manifest }) => {
    expect(lintManifest(manifest).filter(({ level }) => level === 'error')).toEqual([]);
    for (const file of ['README.md', 'connector.test.ts']) {
      expect(existsSync(new URL(`./${id}/${file}`, import.meta.url)), file).toBe(true);
    }
  });

  it('gives comparable answers for the capability lookup_ip', async () => {
    const providers = [...connectors.values()].filter(({ manifest }) => manifest.capabilities?.lookup_ip);
    expect(providers.map(({ manifest }) => manifest.id)).toEqual(['abuseipdb', 'greynoise', 'virustotal']);
  });
});
