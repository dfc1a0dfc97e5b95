import { compilePlaybook } from '@counterpoint/playbook';
import type { CallResult } from '@counterpoint/sdk';
import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { readText } from '../read-input.ts';
import { dateTime, line, printable, printJson, safe } from '../terminal.ts';

type Draft = CallResult<'getDraft'>;

function revision(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It is a number.');
  return value;
}

function printDraft({ playbook, rev, principal, updated_at, base_is_current, findings }: Draft): void {
  line(`${pc.bold(playbook)} draft ${rev}  ${safe(principal)}  ${dateTime(updated_at)}`);
  if (!base_is_current) line(pc.yellow('It began from a version that is not the current one any more.'));
  for (const { line: at, severity, code, message } of findings) {
    line((severity === 'error' ? pc.red : pc.yellow)(`  line ${at} ${code} ${safe(message)}`));
  }
  if (findings.some(({ severity }) => severity === 'error')) process.exitCode = ExitCode.findings;
}

/** `counterpoint draft`: playbooks that are being worked on and that no run takes. */
export function addDraft(program: Command): void {
  const draft = program
    .command('draft')
    .description('keep playbooks that are being worked on and that no run takes')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint draft save my-playbooks/brute_force.yaml\n  counterpoint draft publish brute_force --rev 1',
    );
  draft
    .command('show')
    .description('show the source of a draft')
    .argument('<playbook>', 'id of the playbook')
    .action(async (id: string, _options: unknown, command: Command) => {
      const found = await signedInClient(command).getDraft({ id });
      if (globalOptions(command).json) printJson(found);
      else process.stdout.write(process.stdout.isTTY ? printable(found.source) : found.source);
    });
  draft
    .command('save')
    .description('save a file as the draft of its playbook, unless somebody else saved another one meanwhile')
    .argument('<file>', 'the playbook; "-" reads standard input')
    .option('--rev <number>', 'revision that you saw last; default: there was no draft', revision, 0)
    .addHelpText('after', '\nExample:\n  counterpoint draft save my-playbooks/brute_force.yaml')
    .action(async (file: string, { rev }: { rev: number }, command: Command) => {
      const source = readText(file);
      const id = compilePlaybook(source).plan?.id ?? /^id:[ \t]*(\w+)/m.exec(source)?.[1];
      if (id === undefined) throw errors.playbook_unreadable({ file, reason: 'it has no id' });
      const saved = await signedInClient(command).saveDraft({ id, body: { source, rev } });
      if (globalOptions(command).json) printJson(saved);
      else printDraft(saved);
    });
  draft
    .command('publish')
    .description('publish a draft: new runs take it, runs under way keep their version')
    .argument('<playbook>', 'id of the playbook')
    .requiredOption('--rev <number>', 'revision that you saw last', revision)
    .option('--force', 'also when another version was published since the draft was begun')
    .action(async (id: string, { rev, force = false }: { rev: number; force?: boolean }, command: Command) => {
      const { version } = await signedInClient(command).publishDraft({ id, body: { rev, force } });
      if (globalOptions(command).json) printJson(version);
      else line(`${pc.green('✔')} ${pc.bold(id)} version ${version.number}`);
    });
  draft
    .command('discard')
    .description('throw a draft away')
    .argument('<playbook>', 'id of the playbook')
    .requiredOption('--rev <number>', 'revision that you saw last', revision)
    .action(async (id: string, { rev }: { rev: number }, command: Command) => {
      const gone = await signedInClient(command).discardDraft({ id, query: { rev } });
      if (globalOptions(command).json) printJson(gone);
      else line(`${pc.green('✔')} the draft of ${pc.bold(id)} is gone`);
    });
}
