import { existsSync } from 'node:fs';
import type { TestResult } from '@counterpoint/engine';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import type { ExaminedFile } from '../playbook-files/examine.ts';
import { line, printJson } from '../terminal.ts';

/** `counterpoint test`: runs the tests beside playbooks, without a server and without network. */
export function addTest(program: Command): void {
  program
    .command('test')
    .description('run the tests beside playbooks, without a server and without network')
    .argument('[paths...]', 'test files, playbooks, or folders', ['content/playbooks'])
    .addHelpText(
      'after',
      '\nActions answer as the tests say; retries and time-outs pass at once.\n\nExamples:\n  counterpoint test\n  counterpoint test content/playbooks/brute_force.yaml',
    )
    .action(test);
}

/** A test file and how its tests came out. */
interface TestedFile {
  readonly examined: ExaminedFile;
  readonly results: readonly TestResult[];
}

async function test(paths: string[], _options: unknown, command: Command): Promise<void> {
  const { json } = globalOptions(command);
  const began = performance.now();
  const files = await examineTests(paths);
  const { rehearse } = await import('@counterpoint/engine');
  const { printTests } = await import('../playbook-files/print-tests.ts');
  const { printFindings } = await import('../playbook-files/print-findings.ts');
  const tested: TestedFile[] = [];
  for (const examined of files) {
    const { rehearsable } = examined;
    const results = rehearsable ? await rehearse({ ...rehearsable, file: rehearsable.tests }) : [];
    tested.push({ examined, results });
    if (json) continue;
    if (results.length > 0) printTests(examined.file, results);
    printFindings(examined);
  }
  const results = tested.flatMap((one) => one.results);
  const failed = results.filter(({ passed }) => !passed).length;
  const findings = files.reduce((sum, { findings: found }) => sum + found.filter(isError).length, 0);
  if (failed + findings > 0) process.exitCode = ExitCode.findings;
  const totals = { passed: results.length - failed, failed, errors: findings };
  if (json) return printJson({ files: tested.map(toJson), ...totals });
  const mark = failed + findings > 0 ? pc.red('✘') : pc.green('✔');
  const faulty = findings > 0 ? `, ${findings} ${findings === 1 ? 'error' : 'errors'} in the files` : '';
  const seconds = pc.dim(`${((performance.now() - began) / 1000).toFixed(1)} s`);
  line(`${mark} ${totals.passed} passed, ${failed} failed${faulty}  ${seconds}`);
}

const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'error';

/** The test files that arguments name, and their playbooks where those have findings. */
async function examineTests(paths: readonly string[]): Promise<readonly ExaminedFile[]> {
  const [{ findFiles }, { examine }] = await Promise.all([
    import('../playbook-files/find-files.ts'),
    import('../playbook-files/examine.ts'),
  ]);
  const named = paths.map((path) => path.replace(/(?<!\.test)\.yaml$/, '.test.yaml'));
  const tests = findFiles(named, ['**/*.test.yaml']);
  if (tests.length === 0) throw errors.nothing_found({ what: 'test file', paths: paths.join(', ') });
  const playbooks = tests.map(({ file }) => file.replace(/\.test\.yaml$/, '.yaml')).filter((file) => existsSync(file));
  const examined = examine([...findFiles(playbooks, []), ...tests]);
  return examined.filter(({ kind, findings }) => kind === 'playbook_test' || findings.some(isError));
}

function toJson({ examined, results }: TestedFile): unknown {
  return {
    file: examined.file,
    findings: examined.findings,
    tests: results.map(({ name, line: at, passed, millis, problems, differences, run, calls }) => ({
      name,
      line: at,
      passed,
      millis: Math.round(millis * 10) / 10,
      problems,
      differences: differences.map(({ about, expected, actual, position }) => ({
        about,
        expected,
        actual,
        line: position.line,
        column: position.column,
      })),
      status: run.status,
      error: run.error ?? null,
      outputs: run.outputs,
      steps: run.steps,
      calls,
    })),
  };
}
