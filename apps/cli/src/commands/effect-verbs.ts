import type { CallResult } from '@counterpoint/sdk';
import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { colourStatus, dateTime, line, printJson, printTable, safe } from '../terminal.ts';

interface UndoOptions {
  readonly run?: string;
  readonly case?: string;
  readonly reason: string;
  readonly dryRun?: boolean;
}

type Undone = CallResult<'undoEffects'>;

function printForeseen(foreseen: Undone['foreseen']): void {
  const rows = foreseen.map(({ effect, connection, action, target, will, reason }) => [
    effect,
    `${connection} ${action}`,
    safe(target),
    will === 'undo' ? pc.yellow('is undone') : `stays: ${safe(reason)}`,
  ]);
  printTable(['effect', 'what', 'target', 'then'], rows, 'Nothing is in force.');
}

function printUndone(result: Undone): void {
  for (const effect of result.undone) line(`${pc.green('undone')} ${effect}`);
  for (const kept of result.kept) line(`${pc.yellow('kept')}   ${kept.effect}: ${safe(kept.reason)}`);
  for (const failure of result.failed) line(`${pc.red('failed')} ${failure.effect}: ${safe(failure.message)}`);
}

async function undo(effect: string | undefined, command: Command): Promise<void> {
  const options = command.optsWithGlobals<UndoOptions>();
  const { run, case: ofCase, reason, dryRun = false } = options;
  const given = [effect, run, ofCase].filter((one) => one !== undefined);
  if (given.length !== 1)
    command.error('error: name one effect, or one --run, or one --case', { exitCode: ExitCode.usage });
  const client = signedInClient(command);
  const of = { effect, run, case: ofCase, reason };
  const { json } = globalOptions(command);
  if (dryRun || (effect === undefined && !json)) {
    const foreseen = await client.undoEffects({ body: { ...of, dry_run: true } });
    if (json) return printJson(foreseen);
    printForeseen(foreseen.foreseen);
    if (dryRun) return;
  }
  const result = await client.undoEffects({ body: of });
  if (json) printJson(result);
  else printUndone(result);
  if (result.failed.length > 0) process.exitCode = ExitCode.findings;
}

async function extend(id: string, options: { for: string; reason: string }, command: Command): Promise<void> {
  const effect = await signedInClient(command).extendEffect({ id, body: options });
  if (globalOptions(command).json) return printJson(effect);
  line(
    `${pc.green('✔')} ${id} stays until ${effect.lease_until === null ? 'somebody ends it' : dateTime(effect.lease_until)}`,
  );
}

const BATCH = 100;

/** Every effect in force, a page at a time. */
async function inForce(command: Command): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await signedInClient(command).listEffects({ query: { limit: 500, in_force: 'true', cursor } });
    ids.push(...page.items.map((effect) => effect.id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}

async function verify(given: readonly string[], command: Command): Promise<void> {
  const ids = given.length > 0 ? given : await inForce(command);
  const items: CallResult<'verifyEffects'>['items'] = [];
  for (let index = 0; index < ids.length; index += BATCH) {
    const body = { effects: ids.slice(index, index + BATCH) };
    items.push(...(await signedInClient(command).verifyEffects({ body })).items);
  }
  if (globalOptions(command).json) printJson({ items });
  else {
    const words = { in_force: pc.green('in force'), gone: pc.red('gone'), changed: pc.red('changed') };
    const rows = items.map(({ effect, finding, reason }) => [
      effect,
      finding === 'unclear' || finding === 'over' ? pc.yellow(finding) : words[finding],
      safe(reason),
    ]);
    printTable(['effect', 'the product says', 'because'], rows, 'No change is in force.');
  }
  if (items.some(({ finding }) => finding === 'gone' || finding === 'changed')) process.exitCode = ExitCode.findings;
}

interface ResolveOptions {
  readonly happened?: boolean;
  readonly notHappened?: boolean;
  readonly output?: Record<string, unknown>;
  readonly reason: string;
}

async function resolve(id: string, options: ResolveOptions, command: Command): Promise<void> {
  const { happened = false, notHappened = false, output, reason } = options;
  if (happened === notHappened) command.error('error: say --happened or --not-happened', { exitCode: ExitCode.usage });
  const body = { happened, reason, ...(output === undefined ? {} : { output: output as never }) };
  const effect = await signedInClient(command).resolveEffect({ id, body });
  if (globalOptions(command).json) return printJson(effect);
  line(`${pc.green('✔')} ${id} is ${colourStatus(effect.state)}`);
}

function jsonMap(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below in the same words.
  }
  throw new InvalidArgumentError('It is a JSON object, such as {"rule": "7"}.');
}

/** The verbs under `counterpoint effects` that do something. */
export function addEffectVerbs(effects: Command): void {
  effects
    .command('undo')
    .description('undo one change whoever claims it, or end the claims of a run or a case')
    .argument('[id]', 'id of the effect')
    .option('--run <id>', 'what a run did')
    .option('--case <id>', 'what a case claims')
    .option('--dry-run', 'only say what would happen')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((id: string | undefined, _options: unknown, command: Command) => undo(id, command));
  effects
    .command('extend')
    .description('keep a change for longer, counted from now')
    .argument('<id>', 'id of the effect')
    .requiredOption('--for <duration>', 'how long, such as 24h')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((id: string, options: { for: string; reason: string }, command: Command) => extend(id, options, command));
  effects
    .command('verify')
    .description('ask the products whether changes are really in force; exit code 1 when some are not')
    .argument('[ids...]', 'ids of effects; default: everything in force')
    .action((ids: string[], _options: unknown, command: Command) => verify(ids, command));
  effects
    .command('resolve')
    .description('say whether a change of unknown outcome happened')
    .argument('<id>', 'id of the effect')
    .option('--happened', 'it happened')
    .option('--not-happened', 'it did not')
    .option('--output <json>', 'what the product answered, when that is known', jsonMap)
    .requiredOption('--reason <text>', 'how that is known; kept in the audit log')
    .action((id: string, options: ResolveOptions, command: Command) => resolve(id, options, command));
}
