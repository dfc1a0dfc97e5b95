import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { line, printJson } from '../terminal.ts';

const CONTENT = ['**/*.{yaml,yml}', '**/{topics,capabilities}/*.json'];

/** `counterpoint validate`: checks content files without a server. */
export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('check playbooks and other content, without a server')
    .argument('[paths...]', 'files or folders', ['content'])
    .option('--strict', 'warnings count as errors')
    .addHelpText(
      'after',
      '\nChecks playbooks, reactions, tests, normalisers, policies, noise lists, topics and capabilities.\n\nExamples:\n  counterpoint validate\n  counterpoint validate playbooks/phishing.yaml --strict',
    )
    .action(validate);
}

async function validate(paths: string[], { strict = false }: { strict?: boolean }, command: Command): Promise<void> {
  const [{ findFiles }, { examine }] = await Promise.all([
    import('../playbook-files/find-files.ts'),
    import('../playbook-files/examine.ts'),
  ]);
  const files = examine(findFiles(paths, CONTENT));
  if (files.length === 0) throw errors.nothing_found({ what: 'content file', paths: paths.join(', ') });
  const findings = files.flatMap((file) => file.findings);
  const failures = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - failures;
  if (failures > 0 || (strict && warnings > 0)) process.exitCode = ExitCode.findings;
  if (globalOptions(command).json) {
    const list = files.map(({ file, kind, findings: found }) => ({ file, kind, findings: found }));
    return printJson({ files: list, errors: failures, warnings });
  }
  const { printFindings } = await import('../playbook-files/print-findings.ts');
  for (const file of files) printFindings(file);
  const counts = `${count(failures, 'error')}, ${count(warnings, 'warning')}`;
  const mark = failures > 0 ? pc.red('✘') : warnings > 0 ? pc.yellow('!') : pc.green('✔');
  line(`${mark} ${count(files.length, 'file')}: ${counts}`);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
