import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readInputs } from '../read-input.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

async function list(_options: unknown, command: Command): Promise<void> {
  const { items } = await signedInClient(command).listSwitches();
  if (globalOptions(command).json) return printJson(items);
  const rows = items.map(({ id, engaged, reason, principal, at }) => [
    id,
    engaged ? pc.bgRed(pc.white(' ENGAGED ')) : 'released',
    safe(reason),
    principal,
    dateTime(at),
  ]);
  printTable(['switch', 'state', 'why', 'by', 'since'], rows, 'No kill switch was ever engaged.');
}

async function set(id: string, engaged: boolean, reason: string, command: Command): Promise<void> {
  const answer = await signedInClient(command).setSwitch({ id, body: { engaged, reason } });
  if (globalOptions(command).json) printJson(answer);
  else if (engaged)
    line(
      `${pc.bgRed(pc.white(' STOPPED '))} ${id}: no new change starts. Leases go on ending${id === 'undo' ? ', but nothing is undone' : ''}.`,
    );
  else line(`${pc.green('✔')} ${id} is released`);
}

interface ExplainOptions {
  readonly input?: readonly string[];
  readonly connection?: string;
  readonly lease?: string;
}

async function explain(connector: string, action: string, options: ExplainOptions, command: Command): Promise<void> {
  const { connection, lease } = options;
  const body = { connector, action, connection, lease, input: readInputs(options.input ?? []) };
  const decision = await signedInClient(command).explainGuard({ body });
  if (globalOptions(command).json) printJson(decision);
  else {
    const colour = { allow: pc.green, hold: pc.yellow }[decision.outcome] ?? pc.red;
    line(`${colour(decision.outcome)}  ${pc.dim(decision.rule)}`);
    for (const reason of decision.reasons) line(`  ${safe(reason)}`);
  }
  if (decision.outcome !== 'allow') process.exitCode = ExitCode.findings;
}

/** `counterpoint guard`: the kill switches, and what the guard would say. */
export function addGuard(program: Command): void {
  const guard = program
    .command('guard')
    .description('show and set the kill switches, or ask what the guard would say')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint guard stop global --reason "wrong verdicts"\n  counterpoint guard release global --reason "feed repaired"\n  counterpoint guard explain fortigate ban_ip -i ip=192.0.2.1 --lease 1h',
    )
    .action(list);
  for (const [name, engaged, what] of [
    ['stop', true, 'engage a kill switch: no new change of its scope starts'],
    ['release', false, 'release a kill switch'],
  ] as const) {
    guard
      .command(name)
      .description(what)
      .argument('<switch>', '"global", "connector:<id>", or "undo"')
      .requiredOption('--reason <text>', 'why')
      .action((id: string, options: { reason: string }, command: Command) => set(id, engaged, options.reason, command));
  }
  guard
    .command('explain')
    .description('what the guard would say to an action, and why; nothing is performed')
    .argument('<connector>')
    .argument('<action>')
    .option('-i, --input <name=value...>', 'inputs; values may be JSON')
    .option('--connection <id>', 'connection to act through')
    .option('--lease <duration>', 'how long the change would be claimed for')
    .action(explain);
}
