import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { checkPlaybook } from './check.ts';
import { findingCatalogue, findingSpecs } from './findings.ts';
import { testCatalogue } from './testing/catalogue.ts';

const folder = new URL('./faulty/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

interface Expected {
  readonly code: string;
  readonly line: number;
  readonly suggestion?: string;
}

/** The findings that a document declares in its first lines: `# expect: <code> on line <n>[, suggesting <text>]`. */
function expectedOf(text: string): readonly Expected[] {
  return [...text.matchAll(/^# expect: (\S+) on line (\d+)(?:, suggesting (.+))?$/gm)].map(
    ([, code, line, suggestion]) => ({
      code: String(code),
      line: Number(line),
      ...(suggestion === undefined ? {} : { suggestion }),
    }),
  );
}

/** What a document is checked against: one that says `# offline` apart from any installation. */
function catalogueOf(text: string): Catalogue {
  return text.includes('\n# offline\n') ? { ...testCatalogue, connections: undefined } : testCatalogue;
}

const order = (a: Expected, b: Expected) =>
  a.line - b.line ||
  (a.code < b.code ? -1 : a.code > b.code ? 1 : (a.suggestion ?? '').localeCompare(b.suggestion ?? ''));

describe('faulty documents', () => {
  it('are many', () => {
    expect(names.length).toBeGreaterThanOrEqual(100);
  });

  it.each(names)('%s gets exactly the findings that it declares', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const expected = [...expectedOf(text)].sort(order);
    const { findings, plan } = checkPlaybook(text, catalogueOf(text));
    const found = findings.map(({ code, position, suggestion }) => ({
      code,
      line: position.line,
      ...(suggestion === undefined ? {} : { suggestion }),
    }));
    const silent = new Set(
      expected.filter((one) => one.suggestion === undefined).map((one) => `${one.code} ${one.line}`),
    );
    const compared = found.map((one) =>
      silent.has(`${one.code} ${one.line}`) &&
      !expected.some(
        (other) => other.code === one.code && other.line === one.line && other.suggestion === one.suggestion,
      )
        ? { code: one.code, line: one.line }
        : one,
    );
    expect(compared.sort(order)).toEqual(expected);
    expect(plan === undefined).toBe(findings.some((finding) => finding.severity === 'error'));
  });

  it('show every kind of finding of our own', () => {
    const shown = new Set(
      names.flatMap((name) => expectedOf(readFileSync(new URL(name, folder), 'utf8')).map((one) => one.code)),
    );
    // Too long to keep as files; their tests make them.
    for (const name of ['too_large', 'too_deep']) shown.add(`playbook.${name}`);
    const missing = Object.keys(findingSpecs).filter((name) => !shown.has(`playbook.${name}`));
    expect(missing).toEqual([]);
  });
});

describe('findingCatalogue', () => {
  it('has an entry with help for every code that a document can get', () => {
    const codes = new Set(findingCatalogue.map((entry) => entry.code));
    const expected = names.flatMap((name) =>
      expectedOf(readFileSync(new URL(name, folder), 'utf8')).map((one) => one.code),
    );
    expect(expected.filter((code) => !codes.has(code))).toEqual([]);
    expect(findingCatalogue.filter((entry) => entry.help.length < 10)).toEqual([]);
  });
});
