import { existsSync, writeFileSync } from 'node:fs';
import type { TestResult } from '@counterpoint/engine';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import type { ExaminedFile } from '../playbook-files/examine.ts';
import { line } from '../terminal.ts';

/** `counterpoint test`: runs the tests beside playbooks, without a server and without network. */
export function addTest(program: Command): void {
  program
    .command('test')
    .description('run the tests beside playbooks, without a server and without network')
    .argument('[paths...]', 'test files, playbooks, or folders', ['content/playbooks', 'content/reactions'])
    .addOption(new Option('--reporter <form>', 'how to report').choices(['text', 'junit', 'tap']).default('text'))
    .option('--output <file>', 'write the report into a file')
    .addHelpText(
      'after',
      '\nActions answer as the tests say; retries and time-outs pass at once.\n\nExamples:\n  counterpoint test\n  counterpoint test content/playbooks/brute_force.yaml\n  counterpoint test --reporter junit --output report.xml',
    )
    .action(test);
}

interface TestOptions {
  readonly reporter: 'text' | 'junit' | 'tap';
  readonly output?: string;
}

/** A test file and how its tests came out. */
interface Tested {
  readonly examined: ExaminedFile;
  readonly results: readonly TestResult[];
}

async function test(paths: string[], options: TestOptions, command: Command): Promise<void> {
  const { json } = globalOptions(command);
  const began = performance.now();
  const { rehearse } = await import('@counterpoint/engine');
  const tested: Tested[] = [];
  for (const examined of await examineTests(paths)) {
    const { rehearsable } = examined;
    const results = rehearsable ? await rehearse({ ...rehearsable, file: rehearsable.tests }) : [];
    tested.push({ examined, results });
  }
  const results = tested.flatMap((one) => one.results);
  const failed = results.filter(({ passed }) => !passed).length;
  const faults = tested.reduce((sum, { examined: { findings } }) => sum + findings.filter(isError).length, 0);
  if (failed + faults > 0) process.exitCode = ExitCode.findings;
  const totals = { passed: results.length - failed, failed, errors: faults };
  const written = await reportOf(tested, totals, json ? 'json' : options.reporter, options.output !== undefined);
  if (written !== undefined && options.output !== undefined) writeReport(options.output, written);
  else if (written !== undefined) process.stdout.write(written);
  if (written === undefined) await printText(tested);
  if (written === undefined || options.output !== undefined) printTotals(totals, performance.now() - began);
}

type Totals = { readonly passed: number; readonly failed: number; readonly errors: number };

/** The report as one text; undefined for the text that is printed as it comes. */
async function reportOf(
  tested: readonly Tested[],
  totals: Totals,
  form: TestOptions['reporter'] | 'json',
  intoFile: boolean,
): Promise<string | undefined> {
  if (form === 'json') return `${JSON.stringify({ files: tested.map(toJson), ...totals }, null, 2)}\n`;
  if (form === 'text' && !intoFile) return undefined;
  const files = tested.map(({ examined: { file, findings }, results }) => ({ file, findings, results }));
  if (form === 'text') return (await import('../playbook-files/report.ts')).reportText(files);
  if (form === 'tap') return (await import('../playbook-files/report-tap.ts')).reportTap(files);
  return (await import('../playbook-files/report-junit.ts')).reportJunit(files);
}

/** @throws cli.file_unwritable */
function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw errors.file_unwritable({ file, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

async function printText(tested: readonly Tested[]): Promise<void> {
  const { printTests } = await import('../playbook-files/print-tests.ts');
  const { printFindings } = await import('../playbook-files/print-findings.ts');
  for (const { examined, results } of tested) {
    if (results.length > 0) printTests(examined.file, results);
    printFindings(examined);
  }
}

function printTotals({ passed, failed, errors: faults }: Totals, millis: number): void {
  const mark = failed + faults > 0 ? pc.red('✘') : pc.green('✔');
  const faulty = faults > 0 ? `, ${faults} ${faults === 1 ? 'error' : 'errors'} in the files` : '';
  line(`${mark} ${passed} passed, ${failed} failed${faulty}  ${pc.dim(`${(millis / 1000).toFixed(1)} s`)}`);
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

function toJson({ examined, results }: Tested): unknown {
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
