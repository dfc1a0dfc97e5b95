import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '@counterpoint/core';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { collect, configOf, type ServerOptions } from '../server-options.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

type RestoreState = Awaited<ReturnType<ReturnType<typeof signedInClient>['getRestore']>>;

const SCHEMA = 'public';

function folderFor(now: number): string {
  return resolve(`counterpoint-${new Date(now).toISOString().slice(0, 19).replace(/[:T]/g, '-')}.backup`);
}

async function create(options: ServerOptions & { to?: string }, command: Command): Promise<void> {
  const { config } = configOf(options);
  const { backupPostgres, backupSqlite } = await import('@counterpoint/store');
  const to = options.to === undefined ? folderFor(Date.now()) : resolve(options.to);
  const url = config['store.url'];
  const manifest =
    url === ''
      ? backupSqlite({ directory: config.data_dir, to, clock: systemClock })
      : await backupPostgres({ url, schema: SCHEMA, to, clock: systemClock });
  if (globalOptions(command).json) return printJson({ folder: to, ...manifest });
  line(`${pc.green('✔')} ${to} ${pc.dim(`${(manifest.size / 1_048_576).toFixed(1)} MB, schema ${manifest.schema}`)}`);
  line(pc.yellow('  The key of the vault is not in it. Keep the key file somewhere else: without it no secret opens.'));
}

async function verify(folder: string, command: Command): Promise<void> {
  const { verifyBackup } = await import('@counterpoint/store');
  const manifest = verifyBackup(resolve(folder));
  if (globalOptions(command).json) return printJson(manifest);
  const { database, schema, installation, created_at } = manifest;
  line(
    `${pc.green('✔')} whole: ${database}, schema ${schema}, of ${dateTime(created_at)}, installation ${installation}`,
  );
}

async function restore(
  folder: string,
  options: ServerOptions & { replace?: boolean },
  command: Command,
): Promise<void> {
  const { config } = configOf(options);
  const { restorePostgres, restoreSqlite } = await import('@counterpoint/store');
  const from = resolve(folder);
  const url = config['store.url'];
  const { manifest, aside } =
    url === ''
      ? restoreSqlite({ from, directory: config.data_dir, replace: options.replace ?? false, clock: systemClock })
      : { manifest: await restorePostgres({ url, schema: SCHEMA, from, clock: systemClock }), aside: undefined };
  if (globalOptions(command).json) return printJson({ ...manifest, aside: aside ?? null });
  line(`${pc.green('✔')} restored as of ${dateTime(manifest.created_at)}`);
  if (aside !== undefined) line(`  The database that was there is now ${aside}`);
  const key = config['vault.key_file'];
  if (key !== '' && !existsSync(key)) line(pc.red(`  The key file ${key} is missing: put it back before the start.`));
  line(
    pc.yellow('  It is frozen. Start the server, then: counterpoint backup reconcile, counterpoint thaw --reason …'),
  );
}

function printState(state: RestoreState): void {
  if (!state.frozen) {
    line('Not frozen.');
    return;
  }
  line(pc.bgBlue(pc.white(` FROZEN since ${dateTime(state.frozen.restored_at)} `)));
  line(`The backup is of ${dateTime(state.frozen.backup_at)}. What happened later is not in it.`);
  line(`${state.live_runs} runs go on and ${state.waiting_events} events are delivered after the release. What they`);
  line('do first is asked for at the product, or of a person, before it is sent.');
  const rows = state.effects.map(({ id, what, state: stands, finding, reason, open }) => [
    open ? pc.yellow(id) : id,
    safe(what),
    stands,
    finding,
    safe(reason),
  ]);
  printTable(['effect', 'what', 'state', 'found', 'why'], rows, 'No effect is in question.');
  const open = state.effects.filter((effect) => effect.open).length;
  if (open > 0) line(pc.yellow(`${open} are open: look at the product, then name each with --accept.`));
}

async function reconcile(command: Command): Promise<void> {
  const state = await signedInClient(command).reconcileRestore();
  if (globalOptions(command).json) printJson(state);
  else printState(state);
  if (state.effects.some(({ open }) => open)) process.exitCode = ExitCode.findings;
}

async function thaw(options: { reason: string; accept?: string[] }, command: Command): Promise<void> {
  const body = { reason: options.reason, accept: options.accept ?? [] };
  const state = await signedInClient(command).thawRestore({ body });
  if (globalOptions(command).json) return printJson(state);
  line(state.frozen ? pc.red('still frozen') : `${pc.green('✔')} released: runs go on`);
}

const withConfig = (command: Command): Command =>
  command
    .option('--config <file>', 'configuration file (COUNTERPOINT_CONFIG), default counterpoint.yaml')
    .option('--data-dir <folder>', 'where everything that lasts is kept')
    .option('--set <name=value>', 'any other setting, as for start', collect);

/** `counterpoint backup`: copies of everything that lasts, on this machine. */
export function addBackup(program: Command): void {
  const backup = program
    .command('backup')
    .description('make, check and restore backups, on the machine of the server')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint backup create --to /backups/monday\n  counterpoint backup verify /backups/monday',
    );
  withConfig(backup.command('create'))
    .description('back up the store, also while the server runs; the key of the vault is not in it')
    .option('--to <folder>', 'folder to make; default: named by the time, in the working directory')
    .addHelpText('after', '\nExample:\n  counterpoint backup create --to /backups/monday')
    .action((options: ServerOptions & { to?: string }, command: Command) => create(options, command));
  backup
    .command('verify')
    .description('check that a backup is whole')
    .argument('<folder>', 'folder of the backup')
    .addHelpText('after', '\nExample:\n  counterpoint backup verify /backups/monday')
    .action((folder: string, _options: unknown, command: Command) => verify(folder, command));
  withConfig(backup.command('restore'))
    .description('restore a backup, frozen: nothing acts until it is reconciled and released')
    .argument('<folder>', 'folder of the backup')
    .option('--replace', 'set a database that is there aside')
    .addHelpText('after', '\nExample:\n  counterpoint backup restore /backups/monday --data-dir data')
    .action((folder: string, options: ServerOptions & { replace?: boolean }, command: Command) =>
      restore(folder, options, command),
    );
  backup
    .command('reconcile')
    .description('ask the products what became of effects since the restored backup was made')
    .addHelpText('after', '\nExample:\n  counterpoint backup reconcile')
    .action((_options: unknown, command: Command) => reconcile(command));
}

/** `counterpoint thaw`: lets a restored backup act again. */
export function addThaw(program: Command): void {
  program
    .command('thaw')
    .description('let a restored backup act again, once nothing is open or all that is has been accepted')
    .requiredOption('--reason <text>', 'why; it is audited')
    .option('--accept <effect>', 'an effect that is open and was looked into; may be repeated', collect)
    .addHelpText('after', '\nExample:\n  counterpoint thaw --reason "compared with the firewall" --accept 0199…')
    .action((options: { reason: string; accept?: string[] }, command: Command) => thaw(options, command));
}
