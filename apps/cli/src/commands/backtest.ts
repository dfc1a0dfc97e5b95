import { parseDuration } from '@counterpoint/core';
import type { CallResult } from '@counterpoint/sdk';
import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { readGivenPlaybook, triedBody } from '../playbook-files/given-playbook.ts';
import { dateTime, line, printJson, renderTree, safe, type TreeNode } from '../terminal.ts';

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 5_000)
    throw new InvalidArgumentError('It is a number, 1 to 5000.');
  return value;
}

function span(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError('It is a duration such as 30d or 12h.');
  }
}

/** `counterpoint backtest <playbook>`: how another version would have decided. */
export function addBacktest(program: Command): void {
  program
    .command('backtest')
    .description('let a draft or a file decide once more about recorded runs and alerts; nothing is sent anywhere')
    .argument('<playbook>', 'a file, or <id> (its draft), <id>@current, <id>@<number> on the server')
    .option('--since <duration>', 'how far back', span, 30 * 86_400_000)
    .option('--limit <count>', 'at most so many runs and alerts', count, 500)
    .option('--no-alerts', 'leave out alerts that started no run')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint backtest my-playbooks/brute_force.yaml --since 30d\n  counterpoint backtest brute_force --limit 50',
    )
    .action(async (text: string, options: { since: number; limit: number; alerts: boolean }, command: Command) => {
      const given = readGivenPlaybook(text, 'draft');
      const { since, limit, alerts } = options;
      const body = { ...triedBody(given), since: Date.now() - since, limit, alerts };
      const result = await signedInClient(command).backtestPlaybook({ id: given.id, body });
      if (globalOptions(command).json) printJson(result);
      else printBacktest(result);
    });
}

type Backtest = CallResult<'backtestPlaybook'>;

function printBacktest(result: Backtest): void {
  const { playbook, version, compared, same, different, simulated, skipped, verdicts, runs } = result;
  for (const text of renderTree(runs.map(runNode))) line(text);
  line(
    `${pc.bold(playbook)} ${version} on ${compared} recorded: ${same} decide the same, ${pc.yellow(`${different} differ`)}`,
  );
  if (simulated > 0) line(pc.dim(`${simulated} needed answers that were not recorded; those were simulated`));
  for (const { run, reason } of skipped) line(pc.yellow(`not compared: ${run} ${safe(reason)}`));
  const { before, after, without } = verdicts;
  const judged = before.agrees + before.differs;
  if (judged > 0) {
    const ratio = (agrees: number): string => `${agrees} of ${judged}`;
    line(
      `agrees with analysts in ${pc.bold(ratio(after.agrees))} (before: ${ratio(before.agrees)}; ${without} without a verdict)`,
    );
  }
}

function runNode(one: Backtest['runs'][number]): TreeNode {
  const what = one.run === '' ? `alert ${one.alert} (started no run)` : `run ${one.run}`;
  const contained =
    one.before.contained === one.after.contained
      ? ''
      : one.after.contained
        ? pc.magenta('  now contains')
        : pc.magenta('  contains no more');
  const verdict = one.verdict === 'unknown' ? '' : `  ${one.verdict}`;
  const calls = (mark: string, list: Backtest['runs'][number]['new_calls']): TreeNode[] =>
    list.map(({ address, name, with: input }) => ({
      label: `${mark} ${safe(name)} ${safe(JSON.stringify(input)).slice(0, 120)} ${pc.dim(safe(address))}`,
      children: [],
    }));
  const differences = one.differences.map(({ about, before, after }): TreeNode => {
    return { label: `${safe(about)}: ${safe(before)} -> ${safe(after)}`, children: [] };
  });
  const guessed =
    one.simulated.length === 0 ? [] : [{ label: pc.dim(`simulated: ${one.simulated.join(', ')}`), children: [] }];
  return {
    label: `${what}  ${dateTime(one.at)}${verdict}${contained}`,
    children: [
      ...differences,
      ...calls(pc.green('+'), one.new_calls),
      ...calls(pc.red('-'), one.dropped_calls),
      ...guessed,
    ],
  };
}
