import { describeError, type TestResult } from '@counterpoint/engine';
import pc from 'picocolors';
import { line, renderTree, safe, type TreeNode } from '../terminal.ts';

/** Prints how the tests of one file came out, as a tree; what failed says why. */
export function printTests(file: string, results: readonly TestResult[]): void {
  line(pc.bold(safe(file)));
  for (const text of renderTree(results.map((result) => nodeOf(file, result)))) line(text);
}

function nodeOf(file: string, result: TestResult): TreeNode {
  const time = pc.dim(`${Math.round(result.millis)} ms`);
  if (result.passed) return { label: `${pc.green('✔')} ${safe(result.name)}  ${time}`, children: [] };
  const place = pc.dim(`${safe(file)}:${result.line}`);
  return {
    label: `${pc.red('✘')} ${pc.bold(safe(result.name))}  ${time}  ${place}`,
    children: [...reasonsOf(result), ...tookPlace(result)],
  };
}

function reasonsOf({ problems, differences }: TestResult): TreeNode[] {
  const seen = differences.map(({ about, expected, actual, position }): TreeNode => {
    const label = `${pc.yellow(safe(about))}  ${pc.dim(`line ${position.line}`)}\n${pc.dim('expected')} ${safe(expected)}\n${pc.dim('     was')} ${safe(actual)}`;
    return { label, children: [] };
  });
  return [...problems.map((problem) => ({ label: pc.yellow(safe(problem)), children: [] })), ...seen];
}

const MARKS = { succeeded: '✔', failed: '✘', skipped: '–', cancelled: '⊘', begun: '…' } as const;

/** How far the run came, for a test that failed. */
function tookPlace({ run, calls }: TestResult): TreeNode[] {
  if (run.steps.length === 0) return [];
  const steps = run.steps.map(({ address, status, error }): TreeNode => {
    const made = calls.filter((one) => one.address === address);
    const times = made.length > 1 ? `${made.length}× ` : '';
    const call = made[0] ? pc.dim(`  ${times}${safe(made[0].name)} ${safe(cut(JSON.stringify(made[0].with)))}`) : '';
    const why = error ? `  ${pc.red(safe(describeError({ ...error, step: '' })))}` : '';
    return { label: `${MARKS[status]} ${safe(address)}${call}${why}`, children: [] };
  });
  return [{ label: pc.dim('what took place'), children: steps }];
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
