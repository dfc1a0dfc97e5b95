import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

async function list(command: Command): Promise<void> {
  const { items } = await signedInClient(command).listTables();
  if (globalOptions(command).json) return printJson(items);
  const rows = items.map((one) => [one.id, safe(one.title), safe(one.key), String(one.rows)]);
  printTable(['table', 'title', 'key', 'rows'], rows, 'No table is declared in content/tables/.');
}

interface ShowOptions {
  readonly key?: string;
  readonly limit: string;
  readonly after?: string;
}

async function show(id: string, { key, limit, after }: ShowOptions, command: Command): Promise<void> {
  const client = signedInClient(command);
  const page = await client.listTableRows({ id, query: { limit: Number(limit), cursor: after, key } });
  if (globalOptions(command).json) return printJson(page);
  const { title, columns } = await client.getTable({ id });
  line(pc.bold(safe(title)));
  const names = Object.keys(columns);
  const rows = page.items.map((row) => [
    safe(row.key),
    ...names.map((name) => cell((row.value as Readonly<Record<string, unknown>>)[name])),
    dateTime(row.updated_at),
    safe(row.cause),
  ]);
  printTable(['key', ...names, 'changed', 'by'], rows, 'It has no such row.');
  if (page.next !== null) line(pc.dim(`counterpoint tables show ${id} --after ${JSON.stringify(page.next)}`));
}

function cell(value: unknown): string {
  if (value === undefined) return '';
  return safe(typeof value === 'string' ? value : JSON.stringify(value));
}

/** `counterpoint tables`: lists the tables that playbooks keep, and shows their rows. */
export function addTables(program: Command): void {
  const tables = program
    .command('tables')
    .description('look at the tables that playbooks keep')
    .addHelpText('after', '\nExamples:\n  counterpoint tables\n  counterpoint tables show block_counts');
  tables
    .command('list', { isDefault: true })
    .description('list the declared tables')
    .action((_options: unknown, command: Command) => list(command));
  tables
    .command('show')
    .argument('<table>', 'its id')
    .description('show the rows of a table')
    .option('--key <key>', 'only the row under this key')
    .option('--limit <count>', 'at most so many rows', '50')
    .option('--after <key>', 'continue behind this key')
    .action(show);
}
