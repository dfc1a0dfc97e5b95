import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectors } from '@counterpoint/connectors';
import { describe, expect, it } from 'vitest';
import { CONNECTORS_SOURCE, generateConnectors, readConnectorFolders } from './generate-connectors.ts';

describe('the generated index of connectors', () => {
  it('is what the connector folders say (else run "npm run generate")', () => {
    for (const [name, content] of generateConnectors()) {
      expect(readFileSync(join(CONNECTORS_SOURCE, 'generated', name), 'utf8'), name).toBe(content);
    }
  });

  it('has every connector folder', () => {
    expect([...connectors.keys()]).toEqual(readConnectorFolders().map(({ id }) => id));
  });
});
