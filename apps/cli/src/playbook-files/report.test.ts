import type { TestResult } from '@counterpoint/engine';
import { describe, expect, it } from 'vitest';
import { reportText, type TestedFile } from './report.ts';
import { reportJunit } from './report-junit.ts';
import { reportTap } from './report-tap.ts';

const position = { line: 7, column: 3, from: 0, to: 1 };
const passed: TestResult = {
  name: 'works & <well>',
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
  name: 'breaks # 1 \u0007',
  passed: false,
  differences: [{ about: 'call fw.block with.ip', expected: '"a"', actual: '"b\n"', position }],
  problems: ['The action a.b was called, and the test has no stub for it.'],
};
const files: readonly TestedFile[] = [
  { file: 'p.test.yaml', findings: [], results: [passed, failed] },
  {
    file: 'q.test.yaml',
    results: [],
    findings: [{ line: 2, column: 1, length: 1, severity: 'error', code: 'playbook_test.kind', message: 'Wrong.' }],
  },
];

describe('reportJunit', () => {
  it('gives suites, cases and failures with their places, in XML that can be read', () => {
    expect(reportJunit(files)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="counterpoint" tests="3" failures="1" errors="1" time="0.025">
  <testsuite name="p.test.yaml" tests="2" failures="1" errors="0" time="0.025">
    <testcase classname="p.test.yaml" name="works &amp; &lt;well&gt;" time="0.012"/>
    <testcase classname="p.test.yaml" name="breaks # 1 \uFFFD" time="0.012">
      <failure message="p.test.yaml:3 The action a.b was called, and the test has no stub for it." type="difference">
        p.test.yaml:3 The action a.b was called, and the test has no stub for it.
        p.test.yaml:7 call fw.block with.ip: expected &quot;a&quot;, was &quot;b &quot;
      </failure>
    </testcase>
  </testsuite>
  <testsuite name="q.test.yaml" tests="1" failures="0" errors="1" time="0.000">
    <testcase classname="q.test.yaml" name="the file" time="0.000">
      <error message="q.test.yaml:2:1 playbook_test.kind Wrong." type="finding">
        q.test.yaml:2:1 playbook_test.kind Wrong.
      </error>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});

describe('reportTap', () => {
  it('gives a plan, a test point for each test and the reasons as YAML', () => {
    expect(reportTap(files)).toBe(`TAP version 14
1..3
ok 1 - p.test.yaml: works & <well>
not ok 2 - p.test.yaml: breaks \\# 1 \u0007
  ---
  reasons:
    - "p.test.yaml:3 The action a.b was called, and the test has no stub for it."
    - "p.test.yaml:7 call fw.block with.ip: expected \\"a\\", was \\"b\\n\\""
  ...
not ok 3 - q.test.yaml: the file
  ---
  reasons:
    - "q.test.yaml:2:1 playbook_test.kind Wrong."
  ...
`);
  });
});

describe('reportText', () => {
  it('gives a line for each test and each reason', () => {
    expect(reportText(files).split('\n')).toEqual([
      'p.test.yaml',
      '  passed  works & <well>',
      '  failed  breaks # 1 \u0007',
      '    p.test.yaml:3 The action a.b was called, and the test has no stub for it.',
      '    p.test.yaml:7 call fw.block with.ip: expected "a", was "b',
      '"',
      'q.test.yaml',
      '  q.test.yaml:2:1 playbook_test.kind Wrong.',
      '',
    ]);
  });
});
