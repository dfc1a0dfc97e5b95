import { systemClock } from '@counterpoint/core';
import type { TriedItem, TryReport } from '@counterpoint/ingest';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readText } from '../read-input.ts';
import { line, printJson, printTable, safe } from '../terminal.ts';

function printItem(item: TriedItem): void {
  const colour = item.outcome === 'finding' ? pc.green : item.outcome === 'refused' ? pc.red : pc.yellow;
  line(`\n${pc.bold(`item ${item.item}`)}  ${colour(item.outcome)}  ${safe(item.title ?? item.reason)}`);
  if (item.finding === null) return;
  line(pc.dim(`severity ${item.severity}, counted with others under: ${safe(item.finding_key ?? '')}`));
  printTable(
    ['field', 'value', 'taken from'],
    item.fields.map((field) => [field.target, safe(field.value).slice(0, 60), safe(field.from)]),
    'No field was filled.',
  );
  if (item.observables.length > 0) {
    line(`observables  ${item.observables.map(({ type, value }) => `${type} ${safe(value)}`).join('  ')}`);
  }
  for (const issue of item.issues) line(pc.red(`not OCSF: ${issue.path} ${issue.message}`));
}

function printReport(report: TryReport): void {
  if (report.problem) {
    const { reason, line: at, column, advice } = report.problem;
    line(pc.red(`It cannot be read: ${reason}${at === null ? '' : ` (line ${at}, column ${column})`}`));
    line(advice);
    return;
  }
  const counts = Object.entries(report.counts).filter(([, count]) => count > 0);
  line(
    `${pc.bold(report.normalizer ?? 'no normaliser')} reads ${report.total} items: ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`,
  );
  if (report.normalizer === null) line(pc.yellow('No normaliser recognises this; name one with --normalizer.'));
  for (const item of report.items) printItem(item);
}

async function tryFile(
  file: string,
  options: { normalizer?: string; content?: string },
  command: Command,
): Promise<void> {
  const [{ loadContent }, { tryIngest }] = await Promise.all([
    import('@counterpoint/server'),
    import('@counterpoint/ingest'),
  ]);
  const { normalizers } = loadContent(options.content);
  const report = await tryIngest(readText(file), {
    normalizers,
    normalizer: options.normalizer,
    now: systemClock.now(),
  });
  if (globalOptions(command).json) printJson(report);
  else printReport(report);
  if (report.problem || report.normalizer === null || report.counts.refused > 0) process.exitCode = ExitCode.findings;
}

async function listSources(_options: unknown, command: Command): Promise<void> {
  const { signedInClient } = await import('../context.ts');
  const { items } = await signedInClient(command).listSources();
  if (globalOptions(command).json) return printJson(items);
  const rows = items.map(({ id, normalizer, auth, enabled, counts }) => [
    id,
    normalizer || '(playbooks only)',
    auth,
    enabled ? 'yes' : 'no',
    ...[counts.received, counts.created, counts.merged, counts.duplicate, counts.suppressed, counts.refused].map(
      String,
    ),
  ]);
  const head = [
    'source',
    'normaliser',
    'proof',
    'enabled',
    'received',
    'created',
    'merged',
    'duplicate',
    'suppressed',
    'refused',
  ];
  printTable(head, rows, 'No source yet.');
}

/** `counterpoint ingest`: the account of every source, and how a file would be read. */
export function addIngest(program: Command): void {
  const ingest = program
    .command('ingest')
    .description('show the account of every source, or how a file would be read')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint ingest\n  counterpoint ingest try alert.json\n  tail -n 5 eve.json | counterpoint ingest try -',
    )
    .action(listSources);
  ingest
    .command('try')
    .description('show how a file would be read; nothing is sent or stored')
    .argument('<file>', 'JSON, or one JSON value on each line; "-" reads standard input')
    .option('--normalizer <id>', 'read it with this one instead of the one that recognises it')
    .option('--content <folder>', 'content folder with normalizers of your own')
    .action(tryFile);
}
