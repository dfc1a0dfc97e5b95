import { readFileSync } from 'node:fs';

/** What is read of a Vitest JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

/** How much of what a failed test said is told again: characters. */
const SAID = 600;

/** What failed in a file, a line each with what it said. A file that could not even load is one failure. */
function failures(file: TestFile): readonly string[] {
  const tests = file.assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${file.name} > ${test.fullName}\n  ${(test.failureMessages ?? []).join('\n').slice(0, SAID)}`);
  if (tests.length > 0 || file.status !== 'failed') return tests;
  return [`${file.name}\n  ${file.message.slice(0, SAID)}`];
}

const total = { passed: 0, skipped: 0 };
const failed: string[] = [];
for (const path of process.argv.slice(2)) {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'));
  total.passed += report.numPassedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  failed.push(...report.testResults.flatMap(failures));
}
// Once more, at the end, where somebody looks first who sees that something failed.
for (const failure of failed) process.stdout.write(`FAILED ${failure}\n`);
process.stdout.write(
  `${total.passed} passed, ${failed.length} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exitCode = failed.length > 0 || total.passed === 0 ? 1 : 0;
