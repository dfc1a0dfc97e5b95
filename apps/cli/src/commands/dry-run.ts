import { formatDuration, type Json } from '@counterpoint/core';
import type { CallResult } from '@counterpoint/sdk';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readGivenPlaybook, triedBody } from '../playbook-files/given-playbook.ts';
import { readInputs, readJson } from '../read-input.ts';
import { colourStatus, line, printJson, renderTree, safe, type TreeNode } from '../terminal.ts';

interface DryRunOptions {
  readonly event?: string;
  readonly alert?: string;
  readonly run?: string;
  readonly input?: string[];
  readonly trigger?: string;
  readonly people: 'approve' | 'deny' | 'time_out';
  readonly simulateReads?: boolean;
}

/** `counterpoint dry-run <playbook>`: what a playbook would do. */
export function addDryRun(program: Command): void {
  program
    .command('dry-run')
    .description('show what a playbook would do: nothing is changed, actions that read ask the products')
    .argument('<playbook>', 'a file, or <id>, <id>@draft, <id>@<number> on the server')
    .option('--event <file>', 'JSON that the trigger hands over; "-" reads standard input')
    .option('--alert <id>', 'take the event of an alert')
    .option('--run <id>', 'take the event and the inputs of a run')
    .option('-i, --input <name=value...>', 'inputs; values may be JSON')
    .option('--trigger <id>', 'which trigger the event meets; default: the first that it does')
    .addOption(
      new Option('--people <answer>', 'what people are taken to say')
        .choices(['approve', 'deny', 'time_out'])
        .default('approve'),
    )
    .option('--simulate-reads', 'ask no product at all')
    .addHelpText(
      'after',
      '\nWaits pass at once. Exit code 1 when the run would fail.\n\nExamples:\n  counterpoint dry-run brute_force --alert 0199…\n  counterpoint dry-run my-playbooks/brute_force.yaml --event event.json',
    )
    .action(async (text: string, options: DryRunOptions, command: Command) => {
      const given = readGivenPlaybook(text);
      const { event, alert, run, trigger, people, simulateReads } = options;
      const result = await signedInClient(command).dryRunPlaybook({
        id: given.id,
        body: {
          ...triedBody(given),
          ...(event === undefined ? {} : { event: readJson(event) }),
          alert,
          run,
          trigger,
          people,
          inputs: readInputs(options.input ?? []),
          reads: simulateReads ? 'simulated' : 'real',
        },
      });
      if (result.status !== 'succeeded') process.exitCode = ExitCode.findings;
      if (globalOptions(command).json) printJson(result);
      else printDryRun(result);
    });
}

type DryRun = CallResult<'dryRunPlaybook'>;

const MARKS: Readonly<Record<string, string>> = {
  succeeded: pc.green('✔'),
  failed: pc.red('✘'),
  skipped: pc.dim('–'),
  cancelled: pc.dim('⊘'),
  begun: pc.yellow('…'),
};

function printDryRun(result: DryRun): void {
  const { playbook, version, status, error, outputs, published, undone, findings } = result;
  line(`${pc.bold(playbook)} ${version}: would end ${colourStatus(status)}`);
  if (error) line(pc.red(`${error.step === '' ? '' : `step ${safe(error.step)}: `}${safe(error.message)}`));
  const loose = result.calls.filter(({ address }) => !result.steps.some((step) => step.address === address));
  for (const text of renderTree([...result.steps.map((step) => stepNode(result, step)), ...loose.map(callNode)]))
    line(text);
  for (const event of published) line(`publishes ${pc.bold(event.topic)} ${safe(cut(event.data))}`);
  if (undone.length > 0) line(`undoes ${undone.join(', ')}`);
  if (outputs !== null) line(`outputs ${safe(outputs)}`);
  for (const { line: at, code, message } of findings) line(pc.yellow(`line ${at} ${code} ${safe(message)}`));
  line(pc.dim('Nothing was changed.'));
}

function stepNode({ calls, questions }: DryRun, { address, status, error }: DryRun['steps'][number]): TreeNode {
  const asked = questions
    .filter((one) => one.address === address)
    .map(({ text, answer }): TreeNode => {
      return { label: `asks ${safe(text)}  ${pc.dim(answer)}`, children: [] };
    });
  const why = error ? `  ${pc.red(safe(error.message))}` : '';
  return {
    label: `${MARKS[status] ?? status} ${safe(address)}${why}`,
    children: [...asked, ...calls.filter((call) => call.address === address).map(callNode)],
  };
}

const DANGEROUS: readonly (string | null)[] = ['contain', 'destroy'];

function callNode({ name, effect, with: input, lease_ms, guard, answer, error }: DryRun['calls'][number]): TreeNode {
  const kind = DANGEROUS.includes(effect) ? pc.magenta(effect ?? '') : pc.dim(effect ?? 'playbook');
  const lease = lease_ms === null ? '' : `  for ${formatDuration(lease_ms)}`;
  const said =
    guard && guard.outcome !== 'allow'
      ? `\n${pc.red(`${guard.outcome}: ${safe(guard.reasons[0] ?? guard.rule)}`)}`
      : '';
  const from = error ? '' : pc.dim(`\nanswer: ${answer}`);
  return { label: `${kind} ${pc.bold(safe(name))} ${safe(cut(input))}${lease}${said}${from}`, children: [] };
}

function cut(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
