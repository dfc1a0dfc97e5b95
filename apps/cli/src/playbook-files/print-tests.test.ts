import { stripVTControlCharacters } from 'node:util';
import type { TestResult } from '@counterpoint/engine';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { printTests } from './print-tests.ts';

const position = { line: 7, column: 3, from: 0, to: 1 };
const passed: TestResult = {
  name: 'works',
  line: 3,
  passed: true,
  millis: 12.4,
  differences: [],
  problems: [],
  run: { status: 'succeeded', error: undefined, outputs: null, steps: [] },
  calls: [],
};
const failed: TestResult = {
  ...passed,
  name: 'breaks \u001b[31m',
  passed: false,
  differences: [{ about: 'status', expected: 'succeeded', actual: 'failed', position }],
  problems: ['The action a.b was called, and the test has no stub for it.'],
  run: {
    status: 'failed',
    error: undefined,
    outputs: null,
    steps: [
      { address: 'ask', status: 'failed', error: { code: 'x.y', name: 'y', message: 'No.', step: 'ask' } },
      { address: 'end', status: 'skipped', error: undefined },
    ],
  },
  calls: [1, 2].map(() => ({ kind: 'action', name: 'a.b', address: 'ask', with: { n: 1 }, lease: undefined })),
};

afterEach(() => vi.restoreAllMocks());

describe('printTests', () => {
  it('shows a line for what passed, and for what failed why and what took place', () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    printTests('p.test.yaml', [passed, failed]);
    expect(stripVTControlCharacters(lines.join(''))).toBe(
      [
        'p.test.yaml',
        '├─ ✔ works  12 ms',
        '└─ ✘ breaks \\u001b[31m  12 ms  p.test.yaml:3',
        '   ├─ The action a.b was called, and the test has no stub for it.',
        '   ├─ status  line 7',
        '   │     expected succeeded',
        '   │          was failed',
        '   └─ what took place',
        '      ├─ ✘ ask  2× a.b {"n":1}  x.y: No.',
        '      └─ – end',
        '',
      ].join('\n'),
    );
  });
});
