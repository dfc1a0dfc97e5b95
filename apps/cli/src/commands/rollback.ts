import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

function versionNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It is the number of a version.');
  return value;
}

/** `counterpoint rollback <playbook>`: makes an earlier version the current one again. */
export function addRollback(program: Command): void {
  program
    .command('rollback')
    .description('make an earlier version of a playbook the current one again; runs under way keep theirs')
    .argument('<playbook>', 'id of the playbook')
    .option('--to <number>', 'number of the version; default: the one before the current', versionNumber)
    .addHelpText('after', '\nExample:\n  counterpoint rollback brute_force --to 3')
    .action(async (id: string, { to }: { to?: number }, command: Command) => {
      const result = await signedInClient(command).rollBackPlaybook({ id, body: { to } });
      if (globalOptions(command).json) printJson(result);
      else
        line(`${pc.green('✔')} ${pc.bold(id)} is back from version ${result.from} to version ${result.version.number}`);
    });
}

/** `counterpoint versions <playbook>`: who published what, when. */
export function addVersions(program: Command): void {
  program
    .command('versions')
    .description('list the published versions of a playbook')
    .argument('<playbook>', 'id of the playbook')
    .addHelpText('after', '\nExample:\n  counterpoint versions brute_force')
    .action(async (id: string, _options: unknown, command: Command) => {
      const page = await signedInClient(command).listVersions({ id, query: { limit: 100 } });
      if (globalOptions(command).json) return printJson(page);
      const rows = page.items.map(({ number, published_at, principal, current }) => [
        `${number}${current ? pc.green(' current') : ''}`,
        dateTime(published_at),
        safe(principal),
      ]);
      printTable(['version', 'published', 'by'], rows, 'No version yet.');
    });
}
