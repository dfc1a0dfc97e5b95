import { compilePlaybook, diffPlans, diffText, type Plan } from '@counterpoint/playbook';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { type GivenPlaybook, readGivenPlaybook } from '../playbook-files/given-playbook.ts';
import { line, printJson, safe } from '../terminal.ts';

/** `counterpoint diff <a> <b>`: in what two versions differ. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('tell in what two versions of a playbook differ, what bears on safety first')
    .argument('<from>', 'a file, or <id>, <id>@draft, <id>@<number> on the server')
    .argument('[to]', 'the same; default: the draft of <from>')
    .option('--text', 'show the lines instead of the meaning')
    .addHelpText(
      'after',
      '\nExit code 1 when they differ.\n\nExamples:\n  counterpoint diff brute_force my-playbooks/brute_force.yaml\n  counterpoint diff brute_force@2 brute_force',
    )
    .action(async (from: string, to: string | undefined, options: { text?: boolean }, command: Command) => {
      const before = readGivenPlaybook(from);
      const after: GivenPlaybook =
        to === undefined ? { kind: 'version', id: before.id, version: 'draft' } : readGivenPlaybook(to);
      const [a, b] = [await sourceOf(before, command), await sourceOf(after, command)];
      const { effectOf } = await import('../playbook-files/effects.ts');
      const changes = diffPlans(planOf(a), planOf(b), effectOf);
      const text = diffText({ name: a.name, text: a.source }, { name: b.name, text: b.source });
      if (text !== '') process.exitCode = ExitCode.findings;
      if (globalOptions(command).json) return printJson({ from: a.name, to: b.name, changes, text });
      if (options.text) return printText(text);
      for (const change of changes) line(`${change.safety ? pc.red('!') : ' '} ${safe(change.text)}`);
      if (changes.length === 0)
        line(text === '' ? 'They are the same.' : 'They mean the same; only comments, order or layout differ.');
    });
}

interface Named {
  readonly name: string;
  readonly source: string;
}

async function sourceOf(given: GivenPlaybook, command: Command): Promise<Named> {
  if (given.kind === 'file') return { name: given.file, source: given.source };
  const { id, version } = given;
  const client = signedInClient(command);
  const name = `${id}@${version}`;
  if (version === 'draft') return { name, source: (await client.getDraft({ id })).source };
  if (version === 'current') return { name, source: (await client.getPlaybook({ id })).source };
  return { name, source: (await client.getVersion({ id, number: version })).source };
}

function planOf({ name, source }: Named): Plan {
  const { plan, findings } = compilePlaybook(source);
  if (plan) return plan;
  const reason = findings[0]?.message.replace(/\.$/, '') ?? 'it is empty';
  throw errors.playbook_unreadable({ file: name, reason });
}

function printText(text: string): void {
  const colours: Readonly<Record<string, (text: string) => string>> = { '+': pc.green, '-': pc.red, '@': pc.cyan };
  for (const one of text.split('\n')) line((colours[one[0] ?? ''] ?? ((same: string) => same))(safe(one)));
}
