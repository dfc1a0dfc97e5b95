import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNoise } from './parse-noise.ts';

const CONTENT = join(import.meta.dirname, '../../../content/noise');

describe('parseNoise', () => {
  it('reads the lists that are shipped', () => {
    for (const file of readdirSync(CONTENT)) {
      expect(parseNoise(readFileSync(join(CONTENT, file), 'utf8'))).toMatchObject({ id: file.replace('.yaml', '') });
    }
    const references = parseNoise(readFileSync(join(CONTENT, 'references.yaml'), 'utf8'));
    if ('problems' in references) throw new Error(references.problems.join());
    expect(references.noise.matches('url', 'https://attack.mitre.org/techniques/T1110/')).toBe(true);
    expect(references.noise.matches('domain-name', 'mitre.org.evil-site.com')).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['another kind', 'kind: normalizer/v1\nid: a\ntitle: A\n'],
    ['an unknown key', 'kind: noise/v1\nid: a\ntitle: A\ndomain: [x.com]\n'],
    ['a broken network', 'kind: noise/v1\nid: a\ntitle: A\ncidrs: [300.1.1.1]\n'],
    ['broken YAML', 'kind: [noise/v1\n'],
    ['aliases', 'kind: noise/v1\nid: a\ntitle: &t A\ndomains: [*t]\n'],
  ])('refuses %s and says why', (_name, text) => {
    const result = parseNoise(text);
    expect('problems' in result && result.problems.length).toBeGreaterThan(0);
  });
});
