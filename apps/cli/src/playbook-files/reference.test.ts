import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rehearse, TEST_FIELDS, testFindings } from '@counterpoint/engine';
import { describe, expect, it } from 'vitest';
import { examine } from './examine.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/playbook-tests.md'), 'utf8');
const [playbook = '', tests = ''] = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => String(match[1]));

describe('the reference of test files', () => {
  it('shows tests that pass', async () => {
    const files = examine([
      { file: 'block_scanner.yaml', text: playbook, named: true },
      { file: 'block_scanner.test.yaml', text: tests, named: true },
    ]);
    expect(files.flatMap(({ findings }) => findings)).toEqual([]);
    const rehearsable = files.find((one) => one.rehearsable)?.rehearsable;
    if (!rehearsable) throw new Error('the example cannot be rehearsed');
    const results = await rehearse({ ...rehearsable, file: rehearsable.tests });
    expect(results.map(({ name, problems, differences }) => [name, problems, differences])).toEqual(
      results.map(({ name }) => [name, [], []]),
    );
    expect(results).toHaveLength(5);
  });

  it('names every field', () => {
    const fields = new Set(Object.values(TEST_FIELDS).flat());
    expect([...fields].filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  it('lists every finding as it is said', () => {
    const rows = Object.entries(testFindings).map(
      ([name, { message, help }]) => `| \`playbook_test.${name}\` | ${message} ${help} |`,
    );
    expect(page.slice(page.indexOf('| code | means |')).trim().split('\n').slice(2)).toEqual(rows);
  });
});
