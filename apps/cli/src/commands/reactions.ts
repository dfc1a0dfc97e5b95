import type { CallResult } from '@counterpoint/sdk';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { readText } from '../read-input.ts';
import { dateTime, line, printJson, printTable, relativeTime, safe } from '../terminal.ts';

type Reaction = CallResult<'listReactions'>['items'][number];
type ReactionEvent = CallResult<'listReactionEvents'>['items'][number];
type Agreement = CallResult<'getReaction'>['agreement'][number];

function heldText({ held, oldest_held_at, storm }: Reaction): string {
  if (held === 0) return '';
  const since = oldest_held_at === null ? '' : `, oldest ${relativeTime(oldest_held_at, Date.now())}`;
  return pc.yellow(`${held}${since}${storm ? ', storm' : ''}`);
}

async function list(_options: unknown, command: Command): Promise<void> {
  const page = await signedInClient(command).listReactions({ query: { limit: 200 } });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map((one) => [
    one.id,
    one.mode,
    safe(one.topic),
    String(one.number),
    one.enabled ? pc.green('yes') : pc.yellow('no'),
    heldText(one),
  ]);
  printTable(['reaction', 'mode', 'reacts to', 'version', 'enabled', 'held'], rows, 'No reaction is published yet.');
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const reaction = await signedInClient(command).getReaction({ id });
  if (globalOptions(command).json) return printJson(reaction);
  const { title, mode, topic, number, enabled, source, agreement: figures } = reaction;
  line(`${pc.bold(safe(title))}  ${mode}  ${pc.dim(`version ${number}, ${enabled ? 'enabled' : 'disabled'}`)}`);
  line(`reacts to ${safe(topic)}`);
  if (reaction.held > 0) line(`held      ${heldText(reaction)}`);
  if (figures.length > 0) printAgreement(figures);
  line(`\n${source.split('\n').map(safe).join('\n')}`);
}

async function enable(id: string, enabled: boolean, command: Command): Promise<void> {
  const reaction = await signedInClient(command).enablePlaybook({ id, body: { enabled } });
  if (globalOptions(command).json) return printJson(reaction);
  line(`${pc.green('✔')} ${pc.bold(safe(id))} ${enabled ? 'reacts' : 'reacts no more; what is held stays held'}`);
}

async function publish(file: string, _options: unknown, command: Command): Promise<void> {
  const published = await signedInClient(command).publishPlaybook({ body: { source: readText(file) } });
  if (globalOptions(command).json) return printJson(published);
  const { id, title, number } = published.playbook;
  line(`${pc.green('✔')} ${pc.bold(id)} version ${number}: ${safe(title)}`);
  for (const { line: at, code, message } of published.findings) {
    line(pc.yellow(`  line ${at} ${code} ${safe(message)}`));
  }
}

function outcomeText({ outcome, reason, expires_at }: ReactionEvent): string {
  const until = expires_at === null ? '' : `, expires ${relativeTime(expires_at, Date.now())}`;
  return `${outcome}${reason === '' ? '' : ` (${safe(reason)})`}${until}`;
}

interface HeldOptions {
  readonly outcome: ReactionEvent['outcome'];
}

async function held(id: string | undefined, options: HeldOptions, command: Command): Promise<void> {
  const client = signedInClient(command);
  const query = { limit: 100, outcome: options.outcome, ...(id === undefined ? {} : { reaction: id }) };
  const [page, breakers] = await Promise.all([client.listReactionEvents({ query }), client.listBreakers()]);
  const storms = breakers.items.filter(({ state }) => state === 'open');
  if (globalOptions(command).json) return printJson({ ...page, storms });
  for (const storm of storms) {
    const name = safe(storm.id);
    line(`${pc.red('storm')} ${pc.bold(name)} since ${dateTime(storm.at)}: ${storm.held} held`);
    line(pc.dim(`  ${safe(storm.reason)}`));
    line(pc.dim(`  counterpoint reactions release ${name}, or counterpoint reactions discard ${name}`));
  }
  const rows = page.items.map((row) => [
    row.id,
    row.reaction,
    safe(`${row.topic} ${row.subject}`).slice(0, 60),
    relativeTime(row.at, Date.now()),
    outcomeText(row),
  ]);
  printTable(['event at reaction', 'reaction', 'event', 'since', 'outcome'], rows, `Nothing is ${options.outcome}.`);
  if (page.next !== null) line(pc.dim(`These are the newest ${rows.length}; there are more.`));
}

const ROW_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

async function decideOne(id: string, decision: 'release' | 'discard', command: Command): Promise<void> {
  const client = signedInClient(command);
  const row = await (decision === 'release'
    ? client.releaseReactionEvent({ id })
    : client.discardReactionEvent({ id }));
  if (globalOptions(command).json) return printJson(row);
  line(`${safe(row.reaction)}: ${outcomeText(row)}${row.run === '' ? '' : `, run ${row.run}`}`);
}

async function decide(id: string, decision: 'release' | 'discard', command: Command): Promise<void> {
  if (ROW_ID.test(id)) return decideOne(id, decision, command);
  const client = signedInClient(command);
  const { items } = await client.listBreakers();
  if (decision === 'release' || items.some((one) => one.id === id && one.state === 'open')) {
    const breaker = await client.decideStorm({ id, body: { decision } });
    if (globalOptions(command).json) return printJson(breaker);
    const how = decision === 'release' ? 'what was held goes on' : 'what was held is thrown away';
    return line(`${pc.green('✔')} the storm of ${pc.bold(safe(id))} has ended; ${how}`);
  }
  const { discarded } = await client.discardHeldEvents({ id });
  if (globalOptions(command).json) return printJson({ discarded });
  line(`${pc.green('✔')} ${discarded} held events of ${pc.bold(safe(id))} are thrown away`);
}

const JUDGED = { '': '', agreed: pc.green('agreed'), disagreed: pc.red('disagreed') } as const;

function wouldLines({ would }: ReactionEvent): readonly string[] {
  const all = Array.isArray(would) ? (would as readonly { name?: string; target?: string; with?: unknown }[]) : [];
  return all.map(({ name, target, with: input }) => `  ${safe(name)} ${safe(target)} ${pc.dim(safe(input))}`);
}

async function observed(id: string | undefined, _options: unknown, command: Command): Promise<void> {
  const query = { limit: 100, outcome: 'observed', ...(id === undefined ? {} : { reaction: id }) } as const;
  const page = await signedInClient(command).listReactionEvents({ query });
  if (globalOptions(command).json) return printJson(page);
  if (page.items.length === 0) line(pc.dim('Nothing was observed.'));
  for (const row of page.items) {
    line(`${dateTime(row.at)} ${pc.bold(row.reaction)} ${safe(row.topic)} ${safe(row.subject)} ${JUDGED[row.judged]}`);
    const would = wouldLines(row);
    for (const one of would) line(one);
    if (would.length === 0) line(pc.dim(`  nothing would be done${row.reason === '' ? '' : ` (${safe(row.reason)})`}`));
  }
}

function printAgreement(figures: readonly Agreement[]): void {
  const rows = figures.map(({ number, observed: seen, asked }) =>
    [number, seen.agreed, seen.disagreed, seen.not_done, seen.open, asked.approved, asked.denied, asked.open].map(
      String,
    ),
  );
  const heads = ['version', 'agreed', 'disagreed', 'not done', 'open', 'approved', 'denied', 'undecided'];
  printTable(heads, rows, 'Nothing was observed or asked yet.');
}

async function agreement(id: string, _options: unknown, command: Command): Promise<void> {
  const reaction = await signedInClient(command).getReaction({ id });
  if (globalOptions(command).json) return printJson(reaction.agreement);
  printAgreement(reaction.agreement);
}

const OUTCOMES = ['held', 'started', 'duplicate', 'unconfirmed', 'refused', 'expired', 'discarded'] as const;
const WHAT = ['<id>', 'a reaction, <participant>@<topic>, or an id of `reactions held`'] as const;
const EXAMPLES = `
Examples:
  counterpoint reactions
  counterpoint reactions publish my-reactions/block_url.yaml
  counterpoint reactions held block_url
  counterpoint reactions release block_url
  counterpoint reactions agreement block_url`;

/** `counterpoint reactions`: what reacts to events by itself, what is held for it, and how far people agree with it. */
export function addReactions(program: Command): void {
  const reactions = program
    .command('reactions')
    .description('list the published reactions')
    .addHelpText('after', EXAMPLES)
    .action(list);
  reactions.command('list').description('the same list').action(list);
  const showing = reactions.command('show').description('one reaction: its source, what is held, how far people agree');
  showing.argument('<id>').action(show);
  const publishing = reactions.command('publish').description('publish a reaction');
  publishing.argument('<file>', 'the reaction; "-" reads standard input').action(publish);
  for (const enabled of [true, false]) {
    reactions
      .command(enabled ? 'enable' : 'disable')
      .description(enabled ? 'let a reaction react again' : 'let a reaction react to nothing more')
      .argument('<id>')
      .action((id: string, _options: unknown, command: Command) => enable(id, enabled, command));
  }
  reactions
    .command('held')
    .description('what waits for its turn or for people, and what else did not simply become a run')
    .argument('[id]', 'only of one reaction')
    .addOption(new Option('--outcome <outcome>', 'what became of it').choices(OUTCOMES).default('held'))
    .action(held);
  for (const [verb, description] of [
    ['release', 'end a storm, so that what is held goes on; or act on one event at once'],
    ['discard', 'throw away what is held for a reaction (which ends its storm), or one event'],
  ] as const) {
    reactions
      .command(verb)
      .description(description)
      .argument(...WHAT)
      .action((id: string, _options: unknown, command: Command) => decide(id, verb, command));
  }
  const observing = reactions.command('observed').description('what reactions in mode observe would have done');
  observing.argument('[id]', 'only of one reaction').action(observed);
  const agreeing = reactions.command('agreement').description('by version: how far people agree with a reaction');
  agreeing.argument('<id>').action(agreement);
}
