import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

async function list(command: Command): Promise<void> {
  const page = await signedInClient(command).listPlaybooks({ query: { limit: 200 } });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map(({ id, title, number, enabled, updated_at }) => [
    id,
    safe(title),
    String(number),
    enabled ? pc.green('yes') : pc.yellow('no'),
    dateTime(updated_at),
  ]);
  printTable(['playbook', 'title', 'version', 'starts runs', 'changed'], rows, 'No playbook is published yet.');
}

async function enable(id: string, enabled: boolean, command: Command): Promise<void> {
  const playbook = await signedInClient(command).enablePlaybook({ id, body: { enabled } });
  if (globalOptions(command).json) return printJson(playbook);
  line(
    `${pc.green('✔')} ${pc.bold(safe(id))} ${enabled ? 'starts runs' : 'starts no new runs; those under way go on'}`,
  );
}

/** `counterpoint playbooks`: lists the published playbooks, and says which of them may start runs. */
export function addPlaybooks(program: Command): void {
  const playbooks = program
    .command('playbooks')
    .description('list the published playbooks')
    .addHelpText('after', '\nExamples:\n  counterpoint playbooks\n  counterpoint playbooks disable brute_force')
    .action((_options: unknown, command: Command) => list(command));
  for (const [verb, enabled, description] of [
    ['disable', false, 'let a playbook start no new runs'],
    ['enable', true, 'let a playbook start runs again'],
  ] as const) {
    playbooks
      .command(verb)
      .description(description)
      .argument('<id>', 'id of the playbook')
      .action((id: string, _options: unknown, command: Command) => enable(id, enabled, command));
  }
}
