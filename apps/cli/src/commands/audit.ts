import { once } from 'node:events';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { type ChainReport, readAuditExport, verifyChain } from '@counterpoint/audit';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

/** What is said of a chain, wherever it was checked. */
interface Verdict {
  readonly rows: number;
  readonly head: string;
  readonly findings: readonly { readonly kind: string; readonly message: string }[];
}

const verdictOf = ({ rows, head, findings }: ChainReport): Verdict => ({ rows, head: head.hash, findings });

/** Reads an export while it passes, and checks that each row continues the one before and no checkpoint saw another. */
async function checkChain(lines: AsyncIterable<string>): Promise<Verdict & { readonly last: number }> {
  const { checkpoints, rows } = await readAuditExport(lines);
  const report = await verifyChain(rows, checkpoints, undefined);
  return { ...verdictOf(report), last: report.head.seq };
}

function tell(verdict: Verdict, say: (text: string) => void): void {
  const { rows, head, findings } = verdict;
  if (findings.length === 0) say(`${pc.green('✔')} ${rows.toLocaleString('en')} entries, each as it was written`);
  else say(pc.red(`✘ ${rows.toLocaleString('en')} entries, and the chain is broken:`));
  for (const { kind, message } of findings) say(`  ${pc.red(kind)} ${safe(message)}`);
  say(pc.dim(`  head ${head}`));
  if (findings.length > 0) process.exitCode = ExitCode.findings;
}

const toStderr = (text: string) => void process.stderr.write(`${text}\n`);

/** Passes lines on, each written to `out` first. */
async function* writing(lines: AsyncIterable<string>, out: Writable): AsyncGenerator<string> {
  for await (const text of lines) {
    if (!out.write(`${text}\n`)) await once(out, 'drain');
    yield text;
  }
}

async function openFile(file: string): Promise<Writable> {
  // What is there already may be the older log that this one is to be held against, a link, or open for others to read.
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  try {
    await once(out, 'open');
  } catch (cause) {
    throw errors.file_unwritable({ file, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
  return out;
}

async function exportLog(file: string | undefined, command: Command): Promise<void> {
  const client = signedInClient(command);
  const { items } = await client.listAudit({ query: { limit: 1 } });
  const out = file === undefined ? process.stdout : await openFile(file);
  try {
    const verdict = await checkChain(writing(client.auditLines(), out));
    // A connection that ends well before the log does looks like the end of the log.
    if (verdict.last < (items[0]?.seq ?? 0)) throw errors.export_short({ last: verdict.last });
    if (file !== undefined) out.end();
    if (file !== undefined) await once(out, 'close');
    const { rows, head, findings } = verdict;
    if (file !== undefined && globalOptions(command).json) printJson({ file, rows, head, findings });
    else tell(verdict, toStderr);
    if (findings.length > 0) process.exitCode = ExitCode.findings;
  } catch (error) {
    // Half a log must not be taken for a whole one.
    if (file !== undefined) rmSync(file, { force: true });
    throw error;
  }
}

function linesOf(file: string): AsyncIterable<string> {
  const input = createReadStream(file);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        await once(input, 'open');
      } catch (cause) {
        throw errors.file_unreadable(
          { file, reason: cause instanceof Error ? cause.message : String(cause) },
          { cause },
        );
      }
      yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    },
  };
}

async function verify(file: string | undefined, command: Command): Promise<void> {
  const verdict = file === undefined ? await signedInClient(command).verifyAudit() : await checkChain(linesOf(file));
  if (globalOptions(command).json) {
    const { rows, head, findings } = verdict;
    printJson({ rows, head, findings });
    if (findings.length > 0) process.exitCode = ExitCode.findings;
  } else tell(verdict, line);
}

interface ListOptions {
  readonly limit: string;
  readonly by?: string;
  readonly did?: string;
  readonly to?: string;
}

async function list({ limit, by, did, to }: ListOptions, command: Command): Promise<void> {
  const query = { limit: Number(limit), principal: by, action: did, object: to };
  const { items } = await signedInClient(command).listAudit({ query });
  if (globalOptions(command).json) return printJson(items);
  const rows = items.map(({ seq, at, who, action, object }) => [
    String(seq),
    dateTime(at),
    safe(who),
    safe(action),
    safe(object),
  ]);
  printTable(['entry', 'when', 'who', 'did', 'to'], rows, 'No entry fits.');
}

/** `counterpoint audit`: who did what; the whole log out, and whether it is as it was written. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('the audit log: who did what, out into a file, and whether it is as it was written')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint audit --did effect.undone\n  counterpoint audit export audit.jsonl\n  counterpoint audit export | gzip > audit.jsonl.gz\n  counterpoint audit verify audit.jsonl',
    );
  audit
    .command('list', { isDefault: true })
    .description('the newest entries')
    .option('--limit <count>', 'at most so many', '50')
    .option('--by <principal>', 'who, such as user:<id>')
    .option('--did <action>', 'what was done, such as effect.undone')
    .option('--to <object>', 'what it was done to, such as effect:<id>')
    .action((options: ListOptions, command: Command) => list(options, command));
  audit
    .command('export')
    .description(
      'write the whole log as JSON lines into a new file, checked on the way; what was found is said on standard error',
    )
    .argument('[file]', 'default: standard output')
    .action((file: string | undefined, _options: unknown, command: Command) => exportLog(file, command));
  audit
    .command('verify')
    .description('check that no entry was changed, taken out or put in')
    .argument('[file]', 'an export; default: the log of the server, with its signed checkpoints')
    .action((file: string | undefined, _options: unknown, command: Command) => verify(file, command));
}
