import { existsSync } from 'node:fs';
import { describeError, rehearse, type TestResult } from '@counterpoint/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../apps/cli/src/playbook-files/examine.ts';
import { findFiles } from '../apps/cli/src/playbook-files/find-files.ts';

const files = examine(findFiles([import.meta.dirname], ['**/*.{yaml,yml}', '{topics,capabilities}/*.json']));

describe('shipped content', () => {
  it('is there', () => {
    const kinds = new Set(files.map(({ kind }) => kind));
    for (const kind of [
      'playbook',
      'reaction',
      'playbook_test',
      'participant',
      'normalizer',
      'policy',
      'topic',
      'capability',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it.each(files.map((file) => [file.file.slice(import.meta.dirname.length + 1), file] as const))(
    'has no findings: %s',
    (_, { findings }) => {
      expect(findings).toEqual([]);
    },
  );

  it.each(files.filter(({ kind }) => kind === 'playbook' || kind === 'reaction').map(({ file }) => file))(
    'has tests: %s',
    (file) => {
      expect(existsSync(file.replace(/\.yaml$/, '.test.yaml'))).toBe(true);
    },
  );
});

for (const { file, rehearsable } of files) {
  if (!rehearsable) continue;
  describe(`tests of ${rehearsable.plan.id}`, () => {
    let results: readonly TestResult[] = [];
    beforeAll(async () => {
      results = await rehearse({ ...rehearsable, file: rehearsable.tests });
    });

    it.each(rehearsable.tests.tests.map(({ name }) => name))('%s', (name) => {
      const result = results.find((one) => one.name === name);
      const why = result?.differences.map(
        ({ about, expected, actual, position }) =>
          `${file}:${position.line} ${about}: expected ${expected}, was ${actual}`,
      );
      expect(
        [...(result?.problems ?? []), ...(why ?? [])],
        result?.run.error && describeError(result.run.error),
      ).toEqual([]);
      expect(result?.passed).toBe(true);
    });
  });
}
