import type { TestResult } from '@counterpoint/engine';
import type { FileFinding } from './file-finding.ts';

/** A test file and how its tests came out. */
export interface TestedFile {
  readonly file: string;
  /** What is wrong with the file itself: then none of its tests ran. */
  readonly findings: readonly FileFinding[];
  readonly results: readonly TestResult[];
}

/** Why a test failed, a line for each thing, each with its place in the file. */
export function failureLines(file: string, { problems, differences, line }: TestResult): readonly string[] {
  return [
    ...problems.map((problem) => `${file}:${line} ${problem}`),
    ...differences.map(
      ({ about, expected, actual, position }) =>
        `${file}:${position.line} ${about}: expected ${expected}, was ${actual}`,
    ),
  ];
}

/** What is wrong with a file, as {@link failureLines} says it. */
export function findingLines({ file, findings }: TestedFile): readonly string[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`);
}

/** Results as plain text, a line for each test and for each reason. */
export function reportText(files: readonly TestedFile[]): string {
  const lines = files.flatMap((tested) => [
    tested.file,
    ...tested.results.flatMap((result) => [
      `  ${result.passed ? 'passed' : 'failed'}  ${result.name}`,
      ...failureLines(tested.file, result).map((reason) => `    ${reason}`),
    ]),
    ...findingLines(tested).map((reason) => `  ${reason}`),
  ]);
  return `${lines.join('\n')}\n`;
}
