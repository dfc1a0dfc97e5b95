import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlaybook } from './check.ts';
import { testCatalogue } from './testing/catalogue.ts';

const folder = new URL('./good/', import.meta.url);
const documents = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const scrap = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '!',
    '&x ',
    '*x ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    '#',
    '${{ ',
    ' }}',
    'steps.',
    'if: ',
    'id: purge',
    '0',
    '~',
    '|',
    '\t',
    'do:\n',
  ),
  fc.string({ maxLength: 6 }),
);

/** A good document with some stretches replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...documents),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 30 }), scrap), { minLength: 1, maxLength: 3 }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [where, length, replacement]) => {
      const at = where % (current.length + 1);
      return current.slice(0, at) + replacement + current.slice(at + length);
    }, text),
  );

/** A good document with whole lines moved, doubled or dropped. */
const shuffled = fc
  .tuple(fc.constantFrom(...documents), fc.nat(), fc.nat(), fc.nat({ max: 4 }))
  .map(([text, from, to, count]) => {
    const lines = text.split('\n');
    const moved = lines.slice(from % lines.length, (from % lines.length) + count);
    return [...lines.slice(0, to % lines.length), ...moved, ...lines.slice(to % lines.length)].join('\n');
  });

describe('checkPlaybook on mutated documents', () => {
  it.each([
    ['replaced stretches', mutated],
    ['moved lines', shuffled],
  ] as const)(
    'with %s gives a plan or errors, never an exception',
    (_name, texts) => {
      fc.assert(
        fc.property(texts, (text) => {
          const { plan, findings } = checkPlaybook(text, testCatalogue);
          const failed = findings.some((finding) => finding.severity === 'error');
          expect(plan === undefined).toBe(failed);
          const offsets = findings.map((finding) => finding.position.from);
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
        }),
        { numRuns: 80 },
      );
    },
    60_000,
  );
});
