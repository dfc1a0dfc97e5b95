import type { CallResult } from '@counterpoint/sdk';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { colourStatus, dateTime, line, printJson, printTable, relativeTime, safe } from '../terminal.ts';
import { addEffectVerbs } from './effect-verbs.ts';

type Effect = CallResult<'listEffects'>['items'][number];

const STATES = [
  ...['intended', 'held', 'pending', 'performed', 'failed'],
  ...['unknown', 'undoing', 'undone', 'undo_failed', 'expired'],
] as Effect['state'][];

interface Filter {
  readonly all?: boolean;
  readonly target?: string;
  readonly connection?: string;
  readonly class?: 'notify' | 'change' | 'contain' | 'destroy';
  readonly run?: string;
  readonly case?: string;
  readonly state?: (typeof STATES)[number];
}

/** The state of an effect with what stands out about it. */
function stateOf(effect: Pick<Effect, 'state' | 'simulated' | 'error' | 'site'>): string {
  const error = effect.error as { readonly finding?: string } | null;
  const drift = error?.finding === undefined ? '' : pc.red(` ${error.finding} in the product`);
  return (
    colourStatus(effect.state) +
    drift +
    (effect.simulated ? pc.magenta(' simulated') : '') +
    (effect.site ? pc.magenta(` on ${safe(effect.site)}`) : '')
  );
}

function untilOf({ lease_until }: Pick<Effect, 'lease_until'>, claims: Effect['claims'], now: number): string {
  const ofCase = claims.some((claim) => claim.holder.startsWith('case:')) ? 'its case is closed, at most ' : '';
  return lease_until === null
    ? `${ofCase === '' ? 'no end' : 'its case is closed'}`
    : ofCase + relativeTime(lease_until, now);
}

async function list(filter: Filter, command: Command): Promise<void> {
  const { all, target, connection, class: of, run, case: ofCase, state } = filter;
  const past = all || state !== undefined;
  const page = await signedInClient(command).listEffects({
    query: {
      limit: 100,
      in_force: past ? undefined : 'true',
      target,
      connection,
      class: of,
      run,
      case: ofCase,
      state: state as 'performed' | undefined,
    },
  });
  if (globalOptions(command).json) return printJson(page);
  const now = Date.now();
  const rows = page.items.map((effect) => [
    effect.id,
    safe(effect.title),
    stateOf(effect),
    effect.ended_at === null ? untilOf(effect, effect.claims, now) : `ended ${dateTime(effect.ended_at)}`,
  ]);
  printTable(['effect', 'what', 'state', 'until'], rows, 'No change is in force.');
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const effect = await signedInClient(command).getEffect({ id });
  if (globalOptions(command).json) return printJson(effect);
  const now = Date.now();
  line(`${pc.bold(`${effect.connector}.${effect.action}`)} ${safe(effect.target)} at ${effect.connection}`);
  line(`state    ${stateOf(effect)}${effect.preexisting ? ', was so before us' : ''}`);
  line(
    `until    ${effect.ended_at === null ? untilOf(effect, effect.claims, now) : `ended ${dateTime(effect.ended_at)}`}`,
  );
  line(`with     ${safe(effect.args)}`);
  if (effect.receipt !== null) line(`receipt  ${safe(effect.receipt)}`);
  if (effect.error !== null) line(pc.red(`error    ${safe(effect.error)}`));
  for (const [index, { ref, title }] of effect.why.entries()) {
    line(`${index === 0 ? 'why     ' : '        '} ${safe(ref)}  ${pc.dim(safe(title))}`);
  }
  const claims = effect.claims.map((claim) => [
    safe(claim.holder),
    safe(claim.reason),
    dateTime(claim.created_at),
    claim.ended_at === null ? relativeTime(claim.until, now) : `ended ${dateTime(claim.ended_at)}`,
  ]);
  printTable(['claimed by', 'because of', 'since', 'until'], claims, 'Nobody claims it.');
}

/** `counterpoint effects`: the changes in force and what is done about them. */
export function addEffects(program: Command): void {
  const effects = program
    .command('effects')
    .description('list the changes in force: what, and until when; show tells why')
    .option('--all', 'also those that ended')
    .option('--target <target>', 'only those on one target, such as ipv4-addr:203.0.113.66')
    .option('--connection <id>', 'only those through one connection')
    .addOption(
      new Option('--class <class>', 'only one effect class').choices(['notify', 'change', 'contain', 'destroy']),
    )
    .option('--run <id>', 'only those of one run')
    .option('--case <id>', 'only those that a case claims')
    .addOption(new Option('--state <state>', 'only those in one state').choices(STATES))
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint effects\n  counterpoint effects show 0199…\n  counterpoint effects undo --case 0199… --reason "false positive" --dry-run',
    )
    .action((filter: Filter, command: Command) => list(filter, command));
  effects
    .command('show')
    .description('one change: its claims, and why it is there')
    .argument('<id>', 'id of the effect')
    .action((id: string, options: unknown, command: Command) => show(id, options, command));
  addEffectVerbs(effects);
}
